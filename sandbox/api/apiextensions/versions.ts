/** The order of versions (apimachinery pkg/version/helpers.go, CompareKubeAwareVersionStrings): v10 before v2 before v1beta1 before what is no such name. */

const KUBE = /^v([1-9][0-9]*)(?:(alpha|beta)([1-9][0-9]*))?$/;

/** Positive when `a` is the better one. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [KUBE.exec(a), KUBE.exec(b)];
  if (!left || !right) return left ? 1 : right ? -1 : a < b ? 1 : a > b ? -1 : 0;
  const stage = (match: RegExpExecArray) => (match[2] === undefined ? 2 : match[2] === 'beta' ? 1 : 0);
  return (
    stage(left) - stage(right) || Number(left[1]) - Number(right[1]) || Number(left[3] ?? 0) - Number(right[3] ?? 0)
  );
}

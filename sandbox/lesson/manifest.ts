/** How a manifest of a lesson comes into the lab: the heredoc that the article types. */

/** Where the lessons' manifests live on master01. */
export const MANIFEST_FOLDER = '/root/kube_yaml/persistent_volume';

/** The command lines that write a manifest into the lab, as the article writes it. */
export function heredoc(file: string, text: string): string {
  return `cat <<'EOF' > ${MANIFEST_FOLDER}/${file}\n${text.replace(/\n?$/, '\n')}EOF`;
}

/** What is said of a resourceVersion that is no number (apiserver pkg/storage/api_object_versioner.go). */

export function notANumber(text: string): string {
  const why = /^[0-9]+$/.test(text) ? 'value out of range' : 'invalid syntax';
  return `Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: ${why}`;
}

/** A string, with the colon after it if it is a key; or a bracket. Nothing else in valid JSON holds quotes or brackets. */
const STRING_OR_BRACKET = /("(?:[^"\\]|\\.)*")(\s*:)?|[{}[\]]/g;

/**
 * First key that stands twice in one object of a JSON text, or null. `JSON.parse` keeps the last of them silently, so a file
 * could mean two things to two readers.
 * @param json text that `JSON.parse` accepts.
 */
export function findDuplicateKey(json: string): string | null {
  const open: Array<Set<string>> = [];
  for (const [token, text, colon] of json.matchAll(STRING_OR_BRACKET)) {
    if (token === '{' || token === '[') open.push(new Set());
    if (token === '}' || token === ']') open.pop();
    if (text === undefined || colon === undefined) continue;
    const key: string = JSON.parse(text);
    if (open.at(-1)?.has(key)) return key;
    open.at(-1)?.add(key);
  }
  return null;
}

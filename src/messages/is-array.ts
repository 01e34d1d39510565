/** `Array.isArray` for values that are only read; its own result would allow anything. */
export function isArray(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

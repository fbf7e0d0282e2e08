/** Whether azure-native says that ARM knows no such resource. */
export function isNotFound(error: unknown): boolean {
  return /\b404\b|ResourceNotFound/.test((error as Error).message);
}

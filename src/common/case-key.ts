/** The form in which names and addresses are compared: without case, width and composition (NFKC, lower case twice for scripts that fold in steps). */
export function caseKey(value: string): string {
  return value.normalize('NFKC').toLowerCase().toUpperCase().toLowerCase().normalize('NFKC');
}

// The form of an account name. What was typed into the name field may be something else: a password, most often.

/** Lower-case letters, digits and hyphens, 2 to 32 of them. */
export const accountForm = /^[a-z][a-z0-9-]{1,31}$/;

/** Whether an account could have this name. */
export function isAccountName(name: string): boolean {
  return accountForm.test(name);
}

/** What a log may keep of a typed name: it is signed and stays for good, so a password in the wrong field must never reach it. */
export function nameForRecord(name: string): string {
  return isAccountName(name) ? name : '(not an account name)';
}

/** Where the lab differs from the recording on purpose, and why. */

export const ON_PURPOSE: readonly { readonly transcript: string; readonly command: RegExp; readonly why: string }[] =
  [];

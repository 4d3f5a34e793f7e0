/** What of a host can be set; in a file without imports, for a command's help is made of it. */
export const SECRET_KINDS = ['webhook', 'token', 'username', 'ssh-key', 'known-hosts'] as const;
export type SecretKind = (typeof SECRET_KINDS)[number];

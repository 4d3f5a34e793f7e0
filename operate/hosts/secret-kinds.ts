/** The values of a host that can be set. The file has no imports, because the help of a command loads it. */
export const SECRET_KINDS = ['webhook', 'token', 'app', 'username', 'ssh-key', 'known-hosts'] as const;
export type SecretKind = (typeof SECRET_KINDS)[number];

/** A host's name in the `hosts` setting, and whether the setting has certificates of an authority. */
export interface Trust {
  readonly host: string;
  readonly hasAuthority: boolean;
}

/** The reason why a host's certificate is not trusted. */
export type CertificateFault = 'authority' | 'expired' | 'name';

/** A host's certificate is not trusted. */
export class HostUntrusted extends Error {
  override readonly name = 'HostUntrusted';

  constructor(
    readonly fault: string,
    readonly advice: string,
    options?: ErrorOptions,
  ) {
    super(`${fault}: ${advice}`, options);
  }
}

/** Node's codes for a certificate that it does not trust. */
const FAULTS: Readonly<Record<string, CertificateFault>> = {
  SELF_SIGNED_CERT_IN_CHAIN: 'authority',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'authority',
  UNABLE_TO_GET_ISSUER_CERT: 'authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'authority',
  CERT_SIGNATURE_FAILURE: 'authority',
  CERT_HAS_EXPIRED: 'expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'name',
};

/** The error of a request by what its causes say of the host's certificate; undefined for every other error. */
export function untrusted(error: unknown, trust: Trust): HostUntrusted | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    const fault = 'code' in at ? FAULTS[String(at.code)] : undefined;
    if (fault)
      return new HostUntrusted(faultText(fault, trust.host), faultAdvice(fault, trust), { cause: error });
  }
  return undefined;
}

/** A fault in words, of a host or an address. */
export function faultText(fault: CertificateFault, host: string): string {
  return `the certificate of ${host} ${TEXTS[fault]}`;
}

const TEXTS: Readonly<Record<CertificateFault, string>> = {
  authority: 'is not signed by a known authority',
  expired: 'has expired, or that of its authority has',
  name: 'is for other names than the one in its address',
};

/** The operator's next step; for a host that is not configured there is no setting. */
export function faultAdvice(fault: CertificateFault, trust: Trust | undefined): string {
  if (fault === 'name') return 'correct its url in cdk.json, or give the host a certificate for this name';
  const setting = trust ? `hosts.${trust.host}.ca in cdk.json` : undefined;
  if (fault === 'expired')
    return `renew it on the host${setting ? `, and ${setting} if it has that authority` : ''}`;
  if (!trust) return 'Hookline trusts a private authority for a configured host alone';
  return trust.hasAuthority
    ? `${setting} has another authority: correct it, and deploy`
    : `set ${setting} to the certificate of its authority, and deploy`;
}

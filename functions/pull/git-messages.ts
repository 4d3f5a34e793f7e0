import {
  type CertificateFault,
  faultAdvice,
  faultText,
  type Trust,
} from '../../events/providers/certificate-fault.ts';
import { type ErrorName, errors } from '../shared/errors.ts';

/** What words of git mean, and what to change. */
export interface FailureReading {
  readonly when: RegExp;
  readonly name: ErrorName;
  readonly advice: (remote: string, credential: string, trust: Trust | undefined) => string;
  /** worth another try: the same command may well succeed in a moment */
  readonly transient?: true;
}

/** What git, curl, ssh and git-lfs say under LC_ALL=C, the telling lines first: ssh ends every failure with "hung up". */
export const failureReadings: readonly FailureReading[] = [
  {
    when: /No space left on device|Disk quota exceeded/i,
    name: errors.diskFull,
    advice: () => 'the build has no room left; give the rule `pull: { compute: ec2 }`, whose disk is larger',
  },
  {
    when: /not our ref|unadvertised object|did not send all necessary objects|find remote ref|missing blob|not a valid object name/i,
    name: errors.commitUnreachable,
    advice: (remote) =>
      `the commit is not at ${remote} any more; it was likely rewritten by a forced push: push again`,
  },
  {
    // ssh looks up the user it runs as, and the images of Lambda compute do not list every one
    when: /No user exists for uid/i,
    name: errors.pullFailed,
    advice: () =>
      'ssh does not run as the user of this build, which its image does not know; give the rule `pull: { compute: ec2 }`',
  },
  {
    when: /Host key verification failed|host key is known|REMOTE HOST IDENTIFICATION HAS CHANGED/i,
    name: errors.credentialRefused,
    advice: (remote, credential) =>
      `the host key of ${remote} is not the pinned one; correct knownHosts in ${credential}`,
  },
  {
    when: /could not read (Username|Password)|Authentication failed|returned error: 40[137]|Permission denied \(|error in libcrypto|Load key .*: invalid format|Too many authentication failures|not allowed to download code|account is suspended|Authorization error/i,
    name: errors.credentialRefused,
    advice: (remote, credential) =>
      `${remote} refused the credential; check that ${credential} is valid, not expired and may read it`,
  },
  {
    when: /returned error: 30\d|redirect/i,
    name: errors.repositoryMissing,
    advice: (remote) =>
      `${remote} answered with a redirect, which is not followed; correct the repository's name or the host's url`,
  },
  // git-lfs ends with lines of its own, so that they come after what it says of a certificate.
  untrusted('expired', /certificate has expired/i),
  untrusted('name', /certificate subject name|certificate is (not )?valid for|cannot validate certificate/i),
  untrusted('authority', /certificate problem|certificate verif|signed by unknown authority/i),
  {
    // git-lfs has a word of its own for some answers, and the host's for others; of connections it says what Go does, and it
    // panics at a 429 for an object
    when: /Rate limit|Fatal error: |from HTTP (408|429|5\d\d)|\[(429|5\d\d)\]|LFS: (Error$|unexpected EOF)|(Post|Get) "[^"]*": |expected OID .* got|Expected JSON type|Unable to parse HTTP response|^panic: /im,
    name: errors.hostUnreachable,
    advice: (remote) => `the LFS objects of ${remote} could not be had just now; check that the host is up`,
    transient: true,
  },
  {
    when: /Object does not exist|batch response: .*not found|Repository or object not found|\[4(04|10|22)\]/i,
    name: errors.lfsObjectMissing,
    advice: (remote) =>
      `${remote} has not every LFS object of the commit; push them with: git lfs push --all, and check that the host has LFS switched on for the repository`,
  },
  {
    when: /repository .*not found|Repository not found|returned error: 404|does not appear to be a git repository|project you were looking for/i,
    name: errors.repositoryMissing,
    advice: (remote, credential) =>
      `${remote} was not found; GitHub also answers 404 where a token is missing or may not read it: check its name and ${credential}`,
  },
  {
    when: /Name or service not known|No address associated/i,
    name: errors.hostUnknown,
    advice: (remote) =>
      `the name of ${remote} does not resolve; correct the host's url, or run the build inside its network`,
  },
  {
    // curl does not say whether there is no such name, or no DNS just now
    when: /Could not resolve (host|proxy)/i,
    name: errors.hostUnreachable,
    advice: (remote) =>
      `the name of ${remote} could not be resolved; check the build's DNS, the host's url, and whether the build is inside the host's network`,
    transient: true,
  },
  {
    // git takes such a page for the files of a repository that lies on a web server
    when: /info\/refs not valid|dumb http transport|Cannot obtain needed object/i,
    name: errors.hostUnreachable,
    advice: (remote) =>
      `a page of something else was answered in place of ${remote}, such as a load balancer's; check that the host is up, and its url`,
    transient: true,
  },
  {
    when: /Failed to connect|Couldn't connect|Connection (refused|timed out|reset|closed)|timed out|too slow|early EOF|RPC failed|unexpected disconnect|hung up|returned error: (408|42[59]|5\d\d)|unreachable|No route to host|Empty reply|SSL_ERROR_(SYSCALL|ZERO_RETURN)|unexpected eof while reading/i,
    name: errors.hostUnreachable,
    advice: (remote) =>
      `${remote} could not be reached; check that it is up and that the build's network leads to it`,
    transient: true,
  },
  {
    when: /fsck error in pack/i,
    name: errors.objectRefused,
    advice: (remote) =>
      `git's check refuses an object of the commit at ${remote}; find it with git fsck --strict, and push a commit without it`,
  },
  {
    when: /inflate returned|inflate: data stream error|bad pack header|bad object at offset|SHA1 mismatch|pack (is corrupt|signature mismatch|has \d+ unresolved)|packfile .*(corrupt|truncated|does not match)|(unpack-objects|index-pack) failed|invalid index-pack output|protocol error|bad line length|repository corruption on the remote side|expected (flush after|ACK\/NAK|'packfile'|shallow list)|invalid ls-refs response/i,
    name: errors.packDamaged,
    advice: (remote) =>
      `what ${remote} sent was damaged or broken off; if it happens again, run git fsck on the host and look into its log`,
    transient: true,
  },
  {
    when: /File name too long|path too long/i,
    name: errors.pullFailed,
    advice: () => 'a path of the commit is longer than the build or a zip can hold; shorten it',
  },
  {
    when: /external filter|smudge filter|git-lfs|Error downloading object|failed to fetch some objects from/i,
    name: errors.lfsObjectMissing,
    advice: (remote) => `an LFS object could not be had from ${remote}; push it with: git lfs push --all`,
  },
  {
    when: /returned error: 4|(response|HTTP code) 4\d\d|Unable to negotiate/i,
    name: errors.pullFailed,
    advice: (remote) => `${remote} refused the request, as it will again; see its words`,
  },
  {
    // What no line above knows of a host is waited out. Of the url, the words have only the slash that git adds.
    when: /unable to access '\/?'|remote error: |Could not read from remote repository/i,
    name: errors.hostUnreachable,
    advice: (remote) => `${remote} did not answer as it should, for a reason that may pass; see its words`,
    transient: true,
  },
];

function untrusted(fault: CertificateFault, when: RegExp): FailureReading {
  return {
    when,
    name: errors.hostUntrusted,
    advice: (remote, _credential, trust) => `${faultText(fault, remote)}: ${faultAdvice(fault, trust)}`,
  };
}

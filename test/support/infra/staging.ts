/** The settings of a second Hookline in an account that asks something of its stacks. */
export const STAGING = {
  name: 'staging',
  examplePipeline: true,
  doorKey: 'a-key_that-nobody-guesses-0123456789',
  permissionsBoundary: 'boundary',
  artifactDays: 30,
  rolePath: '/teams/delivery/',
  tags: { team: 'delivery', 'cost-centre': '42' },
} as const;

/** As events/rules has them, with the example pipeline by its name there. */
export const STAGING_RULES = {
  default:
    'description: all but the demo\nmatch: { payload: { repository: { full_name: [{ anything-but: hookline/demo }] } } }\n',
  demo: 'description: the demo\nmatch: { payload: { repository: { full_name: [hookline/demo] } } }\npipeline: staging-example\nstatus: true\n',
} as const;

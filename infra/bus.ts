import { Duration } from 'aws-cdk-lib';
import { Archive, EventBus } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import type { Settings } from './settings.ts';

/** The bus that every accepted delivery is put on, and the archive that keeps it. */
export class Bus extends Construct {
  readonly bus: EventBus;
  readonly archiveName = 'hookline';

  constructor(scope: Construct, id: string, { archiveDays }: Settings) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', { eventBusName: 'hookline' });
    new Archive(this, 'Archive', {
      archiveName: this.archiveName,
      sourceEventBus: this.bus,
      eventPattern: { source: ['hookline'] },
      retention: Duration.days(archiveDays),
    });
  }
}

import { Duration } from 'aws-cdk-lib';
import { Archive, EventBus } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { SOURCE } from '../events/bus-event.ts';
import { ARCHIVE_NAME, BUS_NAME } from './names.ts';
import type { Settings } from './settings.ts';

/** The bus that every accepted delivery is put on, and the archive that keeps it. */
export class Bus extends Construct {
  readonly bus: EventBus;
  readonly archiveName = ARCHIVE_NAME;

  constructor(scope: Construct, id: string, { archiveDays }: Settings) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', { eventBusName: BUS_NAME });
    new Archive(this, 'Archive', {
      archiveName: this.archiveName,
      sourceEventBus: this.bus,
      eventPattern: { source: [SOURCE] },
      retention: Duration.days(archiveDays),
    });
  }
}

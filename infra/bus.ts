import { Duration } from 'aws-cdk-lib';
import { Archive, EventBus } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { WEBHOOKS } from '../events/bus-event.ts';
import { namesOf } from './names.ts';
import type { Settings } from './settings.ts';

/** The bus that every accepted delivery is put on, and the archive that keeps it. */
export class Bus extends Construct {
  readonly bus: EventBus;
  readonly archiveName: string;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    const { bus, archive } = namesOf(settings);
    this.archiveName = archive;
    this.bus = new EventBus(this, 'Bus', { eventBusName: bus });
    new Archive(this, 'Archive', {
      archiveName: this.archiveName,
      sourceEventBus: this.bus,
      eventPattern: { source: WEBHOOKS.source, detailType: WEBHOOKS['detail-type'] },
      retention: Duration.days(settings.archiveDays),
    });
  }
}

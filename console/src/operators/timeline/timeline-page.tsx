import { PageTitle } from '../../app/page-title.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Cell, Row, Table } from '../../ui/table.tsx';
import { lengthText, timeText } from '../../ui/times.ts';
import type { Tone } from '../../ui/tone.ts';
import { FleetHeadline } from '../fleet/fleet-headline.tsx';
import { useFleet } from '../fleet/use-fleet.ts';
import type { Outage } from './outages.ts';
import { useOutages } from './use-outages.ts';

const kinds: Readonly<Record<Outage['kind'], { readonly tone: Tone; readonly text: string }>> = {
  outage: { tone: 'bad', text: 'degraded' },
  drill: { tone: 'accent', text: 'drill' },
  silence: { tone: 'bad', text: 'no answer' },
};

/** When which instance was not normal, as pages of this browser have seen it. */
export function TimelinePage() {
  const fleet = useFleet();
  const { outages } = useOutages();
  return (
    <>
      <PageTitle title="Timeline">
        Seen by the pages of this browser. What happened while none was open is in the metrics and
        the logs.
      </PageTitle>
      <FleetHeadline fleet={fleet} />
      <Panel title="Outages and drills">
        {outages.length === 0 ? (
          <p class="text-muted">None so far.</p>
        ) : (
          <Table caption="Outages and drills" columns={['Began', 'Service', 'What', 'Lasted']}>
            {outages.map((outage) => (
              <OutageRow
                key={`${outage.service} ${outage.instance} ${outage.sinceMs}`}
                {...outage}
              />
            ))}
          </Table>
        )}
      </Panel>
    </>
  );
}

function OutageRow({ service, instance, kind, reason, sinceMs, untilMs, isOver }: Outage) {
  return (
    <Row>
      <Cell column="Began" isHeader>
        {timeText(sinceMs)}
      </Cell>
      <Cell column="Service">
        {service} <span class="font-mono text-xs text-muted">{instance}</span>
      </Cell>
      <Cell column="What">
        <Badge tone={kinds[kind].tone}>{kinds[kind].text}</Badge>{' '}
        {reason !== kinds[kind].text && <span class="text-muted">{reason}</span>}
      </Cell>
      <Cell column="Lasted">
        {lengthText(untilMs - sinceMs)}
        {isOver ? '' : ', still going on'}
      </Cell>
    </Row>
  );
}

import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { AppContext, DeskContext, type App, type Desk } from '../web/app/context.ts';
import { DutyBar } from '../web/app/duty-bar.tsx';
import { createFormats } from '../web/i18n/format.ts';
import { createWords } from '../web/i18n/language.ts';
import { sessionOf, people } from './mock/mock-data.ts';

const words = createWords('zh');
const operator = people.find(({ roles }) => roles.includes('operator'))!;

function render(session: Desk['session']): string {
  const desk = { session, formats: createFormats('Asia/Shanghai', words) } as unknown as Desk;
  return renderToStaticMarkup(
    <AppContext.Provider value={{ words } as unknown as App}>
      <DeskContext.Provider value={desk}>
        <DutyBar />
      </DeskContext.Provider>
    </AppContext.Provider>,
  );
}

describe('the duty bar', () => {
  it('says since when one is on duty as the server knows it, whichever browser saw the beginning', () => {
    const session = { ...sessionOf(operator, true, 0), dutySinceMs: Date.UTC(2026, 10, 23, 0, 5) };
    expect(render(session)).toMatch(/自 0?8:05/);
  });

  it('offers to begin when one is not on duty', () => {
    const bar = render(sessionOf(operator, false, 0));
    expect(bar).toContain('duty-begin');
    expect(bar).not.toContain('自 ');
  });
});

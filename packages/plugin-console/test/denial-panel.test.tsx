import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { createWords } from '../web/i18n/language.ts';
import { AppContext, type App } from '../web/app/context.ts';
import { parseProblem } from '../web/api/problem.ts';
import { DenialPanel } from '../web/denial/denial-panel.tsx';

const problem = parseProblem(403, {
  code: 'PERMISSION_DENIED',
  text: { zh: '不允许', en: 'Denied' },
  instance: '/api/v1/operations/recording.playback',
  decision: { denials: [{ rule: 'a10-playback', article: '10', text: { zh: '回放须经治安科同意', en: 'Playback needs the consent of the Security Section' }, missing: [{ kind: 'approval', unit: 'section' }] }] },
  next: { operation: 'request.submit', input: { cameras: ['library'], fromMs: 1, toMs: 2, actions: ['playback'] } },
});

function render(language: 'zh' | 'en', about = problem): string {
  const app = { words: createWords(language), now: () => 0 } as unknown as App;
  return renderToStaticMarkup(
    <AppContext.Provider value={app}>
      <DenialPanel problem={about} />
    </AppContext.Provider>,
  );
}

describe('the denial panel', () => {
  it('shows the article, the reason, what is missing and one button', () => {
    const page = render('zh');
    for (const text of ['第10条', '回放须经治安科同意', '还缺少', 'section的同意', '提交申请', '已记入审计日志']) expect(page).toContain(text);
    expect(page.match(/<button/g)).toHaveLength(1);
    expect(page).toContain('role="alert"');
  });

  it('says the same in English', () => {
    expect(render('en')).toContain('Art. 10');
    expect(render('en')).toContain('Playback needs the consent of the Security Section');
  });

  it('offers nothing where nothing helps', () => {
    const page = render('en', parseProblem(403, { code: 'PERMISSION_DENIED', decision: { denials: [{ rule: 'a14', article: '14', text: { zh: '不对个人开放', en: 'Not open to individuals' }, missing: [] }] } }));
    expect(page).not.toContain('<button');
    expect(page).toContain('know no way');
  });
});

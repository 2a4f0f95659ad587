import { describe, expect, it } from 'vitest';
import { createWords, firstLanguage } from '../web/i18n/language.ts';

describe('words', () => {
  it('fill placeholders, with texts in the reader’s language', () => {
    expect(createWords('zh').t('missing.approval', { unit: { zh: '治安科', en: 'Security Section' } })).toBe('治安科的同意');
    expect(createWords('en').t('inbox.waiting', { count: 3 })).toBe('3 waiting');
  });

  it('leave a placeholder that nothing fills, so that it is seen', () => {
    expect(createWords('en').t('inbox.waiting', {})).toBe('{count} waiting');
  });

  it('fall back to the raw word for keys that only the server knows', () => {
    expect(createWords('zh').has('lease-end.revoked', 'revoked')).toContain('撤销');
    expect(createWords('zh').has('lease-end.moonstruck', 'moonstruck')).toBe('moonstruck');
    expect(createWords('zh').has('toString', 'x')).toBe('x');
  });

  it('join lists in the language’s own way', () => {
    expect(createWords('zh').list(['东门', '西门'])).toBe('东门、西门');
    expect(createWords('en').list(['East', 'West'])).toBe('East, West');
  });

  it('begin with Chinese unless English was chosen', () => {
    expect(firstLanguage(null)).toBe('zh');
    expect(firstLanguage('en')).toBe('en');
    expect(firstLanguage('fr')).toBe('zh');
  });
});

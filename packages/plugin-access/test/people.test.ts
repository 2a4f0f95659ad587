import { upc2013 } from '@wanglou/policies';
import { describe, expect, it } from 'vitest';
import { checkPeople } from '../src/people/check-people.ts';
import { people, startCampus } from './harness.ts';

const [person] = people;

describe('people of the configuration', () => {
  it('are refused with a unit that the rules do not know', async () => {
    await expect(startCampus([], undefined, { people: [{ ...person!, unit: 'sectoin' }] })).rejects.toThrow(/operator.*sectoin.*office, section, guard-team/);
  });

  it('are refused with a role that the rules do not know, in both languages', () => {
    const wrong = [{ ...person!, standing: 'staff' as const, changePassword: false, roles: ['operator', 'headd'] }];
    expect(() => checkPeople(wrong, upc2013())).toThrow(
      expect.objectContaining({ code: 'PERSON_ROLE_UNKNOWN', params: { person: 'operator', value: 'headd', known: expect.stringContaining('section-head') }, text: { en: expect.stringContaining('headd'), zh: expect.stringContaining('headd') } }),
    );
  });
});

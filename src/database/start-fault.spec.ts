import { describe, expect, it } from '@jest/globals';
import { databaseStartFault, isFinalRefusal } from './start-fault.js';

const url = 'postgres://anna:very%20secret@db.example:6543/talk';
const fault = (code: string) => databaseStartFault(Object.assign(new Error('as the driver says it'), { code }), url);

describe('a database that cannot be opened at the start', () => {
  it('is told with its address and what to do, and without its password', () => {
    expect(fault('ECONNREFUSED')).toBe('No PostgreSQL answers at db.example:6543 (ECONNREFUSED): start it or correct DATABASE_URL.');
    expect(fault('3D000')).toContain('no database "talk"');
    expect(fault('28P01')).toContain('does not let "anna" in');
    expect(fault('ENOTFOUND')).toContain('no computer named "db.example"');
    for (const code of ['ECONNREFUSED', '3D000', '28P01', 'ENOTFOUND']) expect(fault(code)).not.toContain('secret');
  });

  it('leaves other faults as they are', () => {
    expect(fault('42601')).toBeNull();
    expect(databaseStartFault(new Error('no code'), url)).toBeNull();
  });

  it('is waited for unless it is there and says no', () => {
    expect(isFinalRefusal({ code: '3D000' })).toBe(true);
    expect(isFinalRefusal({ code: '28P01' })).toBe(true);
    expect(isFinalRefusal({ code: 'ECONNREFUSED' })).toBe(false);
    expect(isFinalRefusal(null)).toBe(false);
  });
});

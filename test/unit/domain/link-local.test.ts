import { describe, expect, it } from 'vitest';
import { isLinkLocal } from '../../../src/domain/link-local.js';

describe('isLinkLocal', () => {
  it.each([
    '169.254.169.254',
    '169.254.0.1',
    'fe80::1',
    'FEBF::1',
    'fe80::1%eth0',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '64:ff9b::a9fe:1',
    'fd00:ec2::254',
  ])('is true of %s', (address) => expect(isLinkLocal(address)).toBe(true));

  it.each([
    '127.0.0.1',
    '10.0.0.1',
    '169.255.0.1',
    '::1',
    'fec0::1',
    'fd00::1',
    '::ffff:10.0.0.1',
    'a9fe.example.com',
    'fe80.example.com',
  ])('is false of %s', (address) => expect(isLinkLocal(address)).toBe(false));
});

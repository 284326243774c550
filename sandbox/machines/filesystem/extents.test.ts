/** The content of files against a plain model, and what it costs. */

import { expect, test } from 'vitest';
import { Clock } from '../../sim/clock.ts';
import { Random } from '../../sim/random.ts';
import { memoryOf } from '../memory.ts';
import { Disk } from './disk.ts';
import { xfs } from './formats.ts';
import { type MemoryDirectory, MemoryFileSystem, type MemoryInode } from './memory.ts';
import { OverlayFileSystem } from './overlay.ts';
import { zeros } from './patterns.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
/** What one costs in the world's memory. */
const INODE = 512;
const GIB = 1024 * MIB;

function volume(total = 13 * GIB) {
  const clock = new Clock(Date.UTC(2026, 10, 22));
  const disk = new Disk(total);
  const fs = new MemoryFileSystem({ format: xfs, clock, dev: 1, disk });
  const make = (name: string) =>
    fs.root.lookup(name) ?? (fs.root as MemoryDirectory).create(name, { type: 'file', mode: 0o644, uid: 0, gid: 0 });
  const file = make('f') as MemoryInode;
  return { clock, disk, fs, file, held: memoryOf(clock).files };
}

const noise = (random: Random, length: number) => Uint8Array.from({ length }, () => random.below(256));

test('any order of writes, cuts, holes and allocations reads as a plain array would', () => {
  const random = new Random(7);
  for (let round = 0; round < 8; round++) {
    const { file, disk, held } = volume();
    let model = new Uint8Array(0);
    const resize = (size: number) => {
      const next = new Uint8Array(size);
      next.set(model.subarray(0, size));
      model = next;
    };
    for (let step = 0; step < 60; step++) {
      const at = random.below(300 * KIB);
      const length = 1 + random.below(random.below(4) === 0 ? 150 * KIB : 300);
      const kind = random.below(7);
      if (kind === 0) {
        file.truncate(at);
        resize(at);
      } else if (kind === 1) {
        file.allocate(at, length, { punch: true });
        model.fill(0, Math.min(at, model.length), Math.min(at + length, model.length));
      } else if (kind === 2) {
        file.allocate(at, length);
        if (at + length > model.length) resize(at + length);
      } else {
        const line = new TextEncoder().encode('a line\n');
        const data =
          kind === 3
            ? zeros(length)
            : kind === 4
              ? Uint8Array.from({ length }, (_, i) => line[i % line.length]!)
              : noise(random, length);
        file.write(at, data);
        if (at + length > model.length) resize(at + length);
        model.set(data, at);
      }
    }
    expect(file.size).toBe(model.length);
    expect(file.read(0, file.size)).toEqual(model);
    for (let i = 0; i < 10; i++) {
      const at = random.below(model.length + 1);
      expect(file.read(at, 5000)).toEqual(model.slice(at, at + 5000));
    }
    expect(disk.used).toBe(file.stat().blocks * 512);
    file.truncate(0);
    expect([disk.used, held.used]).toEqual([0, 2 * INODE]);
  }
});

test('holes and runs are held for nothing, and counted as XFS does', () => {
  const { file, disk, held } = volume();
  file.truncate(100 * GIB);
  expect(file.stat()).toMatchObject({ size: 100 * GIB, blocks: 0 });
  file.write(5 * GIB, Uint8Array.of(1));
  expect(file.stat().blocks).toBe(8);
  file.truncate(0);
  file.allocate(0, 4 * GIB);
  expect(file.stat()).toMatchObject({ size: 4 * GIB, blocks: (4 * GIB) / 512 });
  for (let at = 0; at < 4 * GIB; at += MIB) file.write(at, zeros(MIB));
  expect([disk.used, held.used]).toEqual([4 * GIB, 2 * INODE]);
  file.allocate(GIB, GIB, { punch: true });
  expect(disk.used).toBe(3 * GIB);
  file.allocate(8 * GIB, GIB, { keepSize: true });
  expect([file.size, disk.used]).toEqual([4 * GIB, 4 * GIB]);
  file.truncate(4 * GIB);
  expect(disk.used).toBe(3 * GIB);
  expect(() => file.truncate(2 ** 63)).toThrow('File too large');
});

test('a full disk takes what fits, and gives it back', () => {
  const { fs, file, disk } = volume(10 * KIB * 4);
  const room = disk.free;
  expect(() => file.write(0, noise(new Random(1), 64 * KIB))).toThrow('No space left on device');
  expect([file.size, disk.free]).toEqual([room, 0]);
  expect(() => file.allocate(0, MIB)).toThrow('No space left on device');
  fs.root.remove('f');
  expect(disk.free).toBe(room);
});

test('more plain data than the world may hold is a full disk', () => {
  const { fs, file, disk, held } = volume();
  const data = noise(new Random(1), MIB);
  const fill = () => {
    for (let at = 0; at < GIB; at += MIB) file.write(at, data);
  };
  expect(fill).toThrow('No space left on device');
  expect(held.used).toBeLessThanOrEqual(held.limit);
  expect(disk.used).toBe(file.size);
  expect(file.read(5 * MIB, 100)).toEqual(data.slice(0, 100));
  fs.root.remove('f');
  expect([disk.used, held.used]).toEqual([0, INODE]);
});

test('a layer below is shared until it is written to', () => {
  const { clock, fs, file, disk, held } = volume();
  const data = noise(new Random(1), 200 * KIB);
  file.write(0, data);
  const upper = new Disk(GIB);
  const overlay = new OverlayFileSystem({ clock, dev: 2, disk: upper, lower: fs.root as MemoryDirectory, options: [] });
  const above = overlay.root.lookup('f') as MemoryInode;
  const before = held.used;
  expect([above.read(0, MIB), above.stat().blocks]).toEqual([data, 0]);
  above.write(100, Uint8Array.of(1, 2, 3));
  const changed = data.slice();
  changed.set([1, 2, 3], 100);
  expect([above.read(0, MIB), file.read(0, MIB)]).toEqual([changed, data]);
  expect(held.used - before).toBeLessThanOrEqual(64 * KIB);
  expect(upper.used).toBe(200 * KIB);
  overlay.root.remove('f');
  expect([upper.used, held.used, disk.used]).toEqual([0, before - INODE, 200 * KIB]);
});

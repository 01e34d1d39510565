import { expect, test } from "vitest";
import { createManualClock } from "../support/clock.ts";
import { createGradeShares } from "./grade-shares.ts";

const DAY_MS = 86_400_000;
const SAMPLING = { triage: 1, shadow: 0, grade: 0.01, gradePerDay: 30, control: 0, band: 0 };

test("a quiet day reaches its floor, and a busy one keeps to its share", () => {
  const clock = createManualClock(0);
  const shares = createGradeShares(clock);
  const gradedOn = (answers: number): number => {
    let graded = 0;
    for (let answer = 0; answer < answers; answer += 1) {
      const share = shares.next("r", SAMPLING).of(0.9, 0.8);
      shares.note("r", 0.9, share);
      graded += share;
      clock.advance(DAY_MS / answers);
    }
    return graded;
  };
  expect(gradedOn(20)).toBe(20);
  expect(gradedOn(500)).toBeGreaterThan(29);
  expect(gradedOn(20_000)).toBeLessThan(260);
});

test("what ships meanwhile changes nothing for a request under way", () => {
  const shares = createGradeShares(createManualClock(DAY_MS / 2));
  const before = shares.next("r", SAMPLING);
  const share = before.of(0.85, 0.8);
  for (let turn = 0; turn < 100; turn += 1) shares.note("r", 0.95, 1);
  expect(before.of(0.85, 0.8)).toBe(share);
  expect(shares.next("r", SAMPLING).of(0.85, 0.8)).not.toBe(share);
});

test("answers just above the threshold are graded more often, and none never", () => {
  const clock = createManualClock(DAY_MS / 2);
  const shares = createGradeShares(clock);
  for (let turn = 0; turn < 400; turn += 1) {
    for (const value of [0.8, 0.9, 0.95, 0.99]) shares.note("r", value, 0.1);
  }
  const { of, most } = shares.next("r", SAMPLING);
  const [near = 0, ...rest] = [0.8, 0.9, 0.95, 0.99].map((value) => of(value, 0.8));
  expect(near).toBeGreaterThan(2 * 0.01);
  expect(Math.min(near, ...rest)).toBeGreaterThanOrEqual(0.01 / 4);
  expect(near).toBeLessThanOrEqual(most);
});

test("a share of none or all is that", () => {
  const shares = createGradeShares(createManualClock());
  expect(shares.next("r", { ...SAMPLING, grade: 0 }).of(0.9, 0.8)).toBe(0);
  expect(shares.next("r", { ...SAMPLING, grade: 1 }).of(0.99, 0.8)).toBe(1);
});

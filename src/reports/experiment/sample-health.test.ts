import { describe, expect, test } from "vitest";
import type { RequestRecord } from "../../cascade/receipt.ts";
import { recordOf } from "../../ledger/contract/records.fixture.ts";
import { experimentArms } from "./experiment-arms.ts";
import { describeHealth } from "./sample-health.ts";

interface Drawn {
  readonly unit: string;
  readonly isControl: boolean;
  readonly share?: number;
  readonly task?: string;
}

function recordsOf(drawn: readonly Drawn[]): readonly RequestRecord[] {
  return drawn.map(({ unit, isControl, share = 0.1, task = "refund" }, index) =>
    recordOf(`req_${index}`, {
      task,
      decision: isControl ? "control" : "shipped",
      draws: [{ purpose: "control", propensity: share, isChosen: isControl, unit }],
    }),
  );
}

const healthOf = (drawn: readonly Drawn[]) => describeHealth(experimentArms(recordsOf(drawn)));

function users(count: number, requests: number, drawnAs: (user: number) => Omit<Drawn, "unit">) {
  return Array.from({ length: count * requests }, (_, index) => {
    const user = index % count;
    return { unit: `user ${user}`, ...drawnAs(user) };
  });
}

describe("a sample", () => {
  test("is sound with its share of control, however many requests a user makes", () => {
    const health = healthOf(users(100, 7, (user) => ({ isControl: user < 10 })));
    expect(health).toMatchObject({
      ...{ state: "sound", controlShare: 0.1, ratioP: 1 },
      control: { requests: 70, units: 10 },
      cascade: { requests: 630, units: 90 },
    });
  });

  test("with another share of control is off, by the exact chance of it", () => {
    const health = healthOf(users(100, 1, (user) => ({ isControl: user < 25 })));
    // 2 P(X ≥ 25), X ~ Binomial(100, .1)
    expect(health.ratioP).toBeCloseTo(2.6145634862e-5, 12);
    expect(health.state).toBe("ratio_off");
  });

  test("with a user in both arms is off", () => {
    const half = users(100, 1, (user) => ({ isControl: user < 10 }));
    const both = [...half, { unit: "user 3", isControl: false }];
    expect(healthOf(both)).toMatchObject({ state: "ratio_off", unitsInBoth: 1 });
  });

  test("with other tasks in one arm is off, and not when one user alone asks for them", () => {
    const task = (isOdd: boolean): string => (isOdd ? "legal" : "refund");
    const uneven = healthOf(
      users(1_000, 2, (user) => ({ isControl: user < 100, task: task(user < 60 || user > 800) })),
    );
    expect(uneven.state).toBe("mix_off");
    expect(uneven.uneven.map(({ kind }) => kind)).toEqual(["task:legal", "task:refund"]);
    expect(uneven.uneven[0]?.controlShare).toBeCloseTo(0.6, 12);
    // A sixth of what control asks, all of one user: no wonder, and counted by requests a wonder.
    const busy = Array.from({ length: 40 }, () => ({
      ...{ unit: "user 0", isControl: true, task: "legal" },
    }));
    const even = users(1_000, 2, (user) => ({ isControl: user < 100 }));
    expect(healthOf([...even, ...busy]).state).toBe("sound");
  });

  test("counts requests of an earlier share and compares none of them", () => {
    const now = users(100, 1, (user) => ({ isControl: user < 10 }));
    const then = users(50, 1, (user) => ({ isControl: user < 40, share: 0.8 }));
    expect(healthOf([...now, ...then])).toMatchObject({ state: "sound", otherShares: 50 });
  });

  test("without an arm says so", () => {
    expect(healthOf([]).state).toBe("no_control");
    expect(healthOf(users(40, 1, () => ({ isControl: false, share: 0 }))).state).toBe("no_control");
    expect(healthOf(users(5, 1, () => ({ isControl: false }))).state).toBe("not_known_yet");
  });
});

test("units are users where one is given, else equal bodies, else requests", () => {
  const draws = (unit?: string) => [
    {
      purpose: "control" as const,
      propensity: 0.5,
      isChosen: false,
      ...(unit === undefined ? {} : { unit }),
    },
  ];
  const { cascade } = experimentArms([
    recordOf("a", { draws: draws("u"), bodyHash: "one" }),
    recordOf("b", { draws: draws(), bodyHash: "one" }),
    recordOf("c", { draws: draws(), bodyHash: "one" }),
    recordOf("d", { draws: draws(), bodyHash: null }),
  ]);
  expect(cascade.map(({ unit }) => unit)).toEqual(["u", "one", "one", "d"]);
});

import { describe, expect, test } from "vitest";
import { createTaskNames } from "./task-names.ts";

describe("task names", () => {
  test("the first 100 of a route are booked as they are, later ones as other", () => {
    const tasks = createTaskNames();
    const asked = Array.from({ length: 101 }, (_, index) => `task-${index}`);
    const booked = asked.map((task) => tasks.admit("support", task));
    expect(booked).toEqual([...asked.slice(0, 100), "other"]);
  });

  test("a name that was admitted stays admitted", () => {
    const tasks = createTaskNames();
    for (let index = 0; index < 200; index += 1) tasks.admit("support", `task-${index}`);
    expect(tasks.admit("support", "task-99")).toBe("task-99");
    expect(tasks.admit("support", "task-100")).toBe("other");
  });

  test("each route has its own 100", () => {
    const tasks = createTaskNames();
    for (let index = 0; index < 200; index += 1) tasks.admit("support", `task-${index}`);
    expect(tasks.admit("sales", "task-150")).toBe("task-150");
  });

  test("no task stays no task, however full a route is", () => {
    const tasks = createTaskNames();
    for (let index = 0; index < 200; index += 1) tasks.admit("support", `task-${index}`);
    expect(tasks.admit("support", null)).toBeNull();
  });
});

/** A value that changes, and those who want to know. */
export class Store<S> {
  private readonly listeners = new Set<() => void>();

  constructor(private state: S) {}

  get(): S {
    return this.state;
  }

  set(state: S): void {
    if (Object.is(state, this.state)) return;
    this.state = state;
    for (const listener of [...this.listeners]) listener();
  }

  /** Answers the function that ends the subscription. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }
}

/** What an author may write in a lesson's prose, by name, with the attributes of each (src/components/lesson). */

export interface Component {
  readonly needs: readonly string[];
  readonly may: readonly string[];
}

export const COMPONENTS: Readonly<Record<string, Component>> = {
  Step: { needs: ['id'], may: [] },
  Run: { needs: ['host'], may: ['in'] },
  Manifest: { needs: ['file'], may: ['highlight', 'as', 'to', 'host'] },
  Output: { needs: [], may: ['caption'] },
  Predict: { needs: ['question'], may: [] },
  ThenAndNow: { needs: [], may: [] },
  Note: { needs: [], may: [] },
  Quiz: { needs: ['id'], may: [] },
  Skip: { needs: ['by'], may: [] },
};

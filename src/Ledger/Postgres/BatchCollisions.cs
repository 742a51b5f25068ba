namespace Settlement.Ledger.Postgres;

/// <summary>Finds entries of one batch that would take the same key, which one statement cannot hold.</summary>
internal static class BatchCollisions
{
    /// <summary>
    /// Takes out of the list every entry that collides with an earlier one or is blocked, with it its group and the later ones of its
    /// person; returns them. They are written after the rest, when it is certain what became of the earlier ones.
    /// </summary>
    public static List<int> TakeOut(LedgerBatch batch, List<int> indexes, HashSet<int> blocked)
    {
        TakenKeys taken = new();
        HashSet<string> waiting = [];
        List<int> free = [];
        List<int> colliding = [];
        int length;
        for (int i = 0; i < indexes.Count; i += length)
        {
            length = batch.UnitLength(indexes[i]);
            List<int> unit = indexes.GetRange(i, length);
            LedgerEntry first = batch[unit[0]];
            if (!blocked.Contains(unit[0]) && !waiting.Contains(first.PersonId) && unit.TrueForAll(index => taken.LeaveFree(batch[index])))
            {
                foreach (int index in unit) taken.Add(batch[index]);
                free.AddRange(unit);
            }
            else
            {
                waiting.Add(first.PersonId);
                colliding.AddRange(unit);
            }
        }
        indexes.Clear();
        indexes.AddRange(free);
        return colliding;
    }

    /// <summary>The keys of entries that come before.</summary>
    private sealed class TakenKeys
    {
        private readonly HashSet<(string, int)> sequences = [];
        private readonly HashSet<LedgerKey> requests = [];
        private readonly HashSet<(LedgerKey, int)> charges = [];
        private readonly HashSet<(string, int)> reversals = [];

        public bool LeaveFree(LedgerEntry entry) =>
            !sequences.Contains((entry.PersonId, entry.Sequence))
            && !requests.Contains(entry.RequestKey)
            && !(entry.ChargeKey is { } charge && charges.Contains((charge, entry.ChargeGeneration)))
            && !(entry.Reverses is { } reversed && reversals.Contains((entry.PersonId, reversed)));

        public void Add(LedgerEntry entry)
        {
            sequences.Add((entry.PersonId, entry.Sequence));
            requests.Add(entry.RequestKey);
            if (entry.ChargeKey is { } key) charges.Add((key, entry.ChargeGeneration));
            if (entry.Reverses is { } target) reversals.Add((entry.PersonId, target));
        }
    }
}

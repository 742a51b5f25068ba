namespace Settlement.Ledger.Postgres;

/// <summary>Finds entries of one batch that would take the same key, which one statement cannot hold.</summary>
internal static class BatchCollisions
{
    /// <summary>
    /// Takes out of the list every entry that collides with an earlier one or is blocked, and with it the later ones of its person;
    /// returns them. They are written after the rest, when it is certain what became of the earlier ones.
    /// </summary>
    public static List<int> TakeOut(LedgerBatch batch, List<int> indexes, HashSet<int> blocked)
    {
        HashSet<(string, int)> sequences = [];
        HashSet<LedgerKey> requests = [];
        HashSet<(LedgerKey, int)> charges = [];
        HashSet<(string, int)> reversals = [];
        HashSet<string> waiting = [];
        List<int> colliding = [];
        indexes.RemoveAll(index =>
        {
            LedgerEntry entry = batch[index];
            bool free = !blocked.Contains(index)
                && !waiting.Contains(entry.PersonId)
                && !sequences.Contains((entry.PersonId, entry.Sequence))
                && !requests.Contains(entry.RequestKey)
                && !(entry.ChargeKey is { } charge && charges.Contains((charge, entry.ChargeGeneration)))
                && !(entry.Reverses is { } reversed && reversals.Contains((entry.PersonId, reversed)));
            if (!free)
            {
                waiting.Add(entry.PersonId);
                colliding.Add(index);
                return true;
            }
            sequences.Add((entry.PersonId, entry.Sequence));
            requests.Add(entry.RequestKey);
            if (entry.ChargeKey is { } key) charges.Add((key, entry.ChargeGeneration));
            if (entry.Reverses is { } target) reversals.Add((entry.PersonId, target));
            return false;
        });
        return colliding;
    }
}

using Chance = Settlement.Simulate.Chance;

namespace Settlement.Torture.Clients;

/// <summary>Settlements acknowledged lately, to be repeated, reversed and corrected by any client. Safe for concurrent use.</summary>
internal sealed class Settled
{
    private const int Kept = 2_048;
    private const int Newest = 32;
    private readonly Lock gate = new();
    private readonly List<Operation> operations = [];
    private int next;

    /// <summary>Adds one, in the place of the oldest when there are enough.</summary>
    public void Add(Operation operation)
    {
        lock (gate)
        {
            if (operations.Count < Kept) operations.Add(operation);
            else operations[next] = operation;
            next = (next + 1) % Kept;
        }
    }

    /// <summary>Draws one, half of the time one of the newest; null while there is none.</summary>
    public Operation? Draw(Chance chance)
    {
        lock (gate)
        {
            if (operations.Count == 0) return null;
            int back = chance.OneIn(2) ? 1 + chance.Below(Math.Min(Newest, operations.Count)) : 1 + chance.Below(operations.Count);
            return operations[(next - back + operations.Count) % operations.Count];
        }
    }
}

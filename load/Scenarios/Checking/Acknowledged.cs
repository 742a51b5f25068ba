using Settlement.Contract;

namespace Settlement.Scenarios.Checking;

/// <summary>A settlement which the server acknowledged.</summary>
internal sealed record AcknowledgedSettlement(string RequestId, string Facility, string SettlementId);

/// <summary>
/// What the server acknowledged and refused in a run: counts of all, and a fair sample to ask for again. Safe for concurrent use.
/// </summary>
/// <param name="seed">Decides the sample.</param>
internal sealed class Acknowledged(int seed)
{
    private const int SampleSize = 500;
    private readonly Lock gate = new();
    private readonly Random random = new(seed);
    private readonly List<AcknowledgedSettlement> sample = [];

    /// <summary>Settlements acknowledged.</summary>
    public long Settlements { get; private set; }

    /// <summary>Reversals acknowledged.</summary>
    public long Reversals { get; private set; }

    /// <summary>Requests refused as too many, with the time to wait.</summary>
    public long Refused { get; private set; }

    /// <summary>Some settlements, each as likely as the other.</summary>
    public IReadOnlyList<AcknowledgedSettlement> Sample
    {
        get
        {
            lock (gate) return [.. sample];
        }
    }

    /// <summary>Counts an acknowledged settlement.</summary>
    public void Settled(SettleRequest request, SettlementResult result)
    {
        AcknowledgedSettlement one = new(request.RequestId, request.Claim.Facility.Code, result.SettlementId);
        lock (gate)
        {
            Settlements++;
            if (sample.Count < SampleSize) sample.Add(one);
            else if (random.NextInt64(Settlements) is var place and < SampleSize) sample[(int)place] = one;
        }
    }

    /// <summary>Counts an acknowledged reversal.</summary>
    public void Reversed()
    {
        lock (gate) Reversals++;
    }

    /// <summary>Counts a refusal for overload.</summary>
    public void RefusedAsBusy()
    {
        lock (gate) Refused++;
    }
}

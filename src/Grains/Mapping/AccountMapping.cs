using Settlement.Policy;
using Settlement.Policy.Cases;
using Wire = Settlement.Contract;

namespace Settlement.Mapping;

/// <summary>Counters as the contract shows them.</summary>
internal static class AccountMapping
{
    /// <summary>Every counter of the account that is not zero, the newest year first.</summary>
    public static IEnumerable<Wire.Counter> Counters(Account account)
    {
        List<Wire.Counter> counters = new(account.Counters.Yearly.Length + account.Counters.Referenced.Length);
        foreach (Counter counter in account.Counters.Yearly)
        {
            counters.Add(new Wire.Counter
            {
                Name = NameOf(counter.Key),
                Year = counter.Key.Year,
                Value = counter.Value,
            });
        }

        counters.Sort(static (a, b) => b.Year.CompareTo(a.Year));
        foreach (ReferenceCounter counter in account.Counters.Referenced)
            counters.Add(new Wire.Counter { Name = CounterNames.NameOf(counter.Id), Reference = counter.Reference, Value = counter.Value });
        return counters;
    }

    /// <summary>A limit with the words and the source the pack gives it.</summary>
    public static Wire.Limit ToWire(PersonLimit limit, Pack pack, Scheme scheme, DateOnly on)
    {
        ParameterDefinition? definition = pack.Find(scheme, limit.Parameter);
        Wire.Limit wire = new()
        {
            Kind = (Wire.Limit.Types.Kind)limit.Kind,
            Parameter = ParameterSchema.NameOf(limit.Parameter),
            NameZh = definition?.Zh ?? "",
            NameEn = definition?.En ?? "",
            Counter = NameOf(limit.Counter),
            Reference = limit.Reference,
            Used = limit.Used,
            Citation = pack.CitationOf(scheme, limit.Parameter, on)?.ToString() ?? "",
        };
        if (limit is { Most: { } most, Left: { } left }) (wire.Most, wire.Left) = (most, left);
        return wire;
    }

    /// <summary>Name of a counter, with its quarter where it has one.</summary>
    public static string NameOf(CounterKey key) => CaseCounters.NameOf(key) ?? CounterNames.NameOf(key.Id);

    /// <summary>The counter of a name given by <see cref="NameOf"/>; none where no counter has it.</summary>
    public static CounterId Find(string name)
    {
        for (CounterId id = CounterId.PooledPaid; id <= CounterId.DeferredAssistance; id++)
        {
            for (int period = 0; period <= 4; period++)
            {
                if (NameOf(new CounterKey(id, 0, period)) == name) return id;
            }
        }

        return CounterId.None;
    }
}

using System.Text.Json.Nodes;

namespace Settlement.Policy.Cases;

/// <summary>Counters of an account in the form of <c>finalCounters</c>.</summary>
public static class CaseCounters
{
    /// <summary>All counters that are not zero.</summary>
    public static JsonObject Of(Account account)
    {
        var years = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (ref readonly var counter in account.Counters.Yearly)
        {
            var year = $"{counter.Key.Year}";
            if (NameOf(counter.Key) is not { } name)
                continue;

            if (!years.TryGetValue(year, out var values))
                years.Add(year, values = []);

            values[name] = counter.Value;
        }

        var pregnancies = new JsonObject();
        var cycles = new JsonArray();
        foreach (ref readonly var counter in account.Counters.Referenced)
        {
            if (counter.Id == CounterId.PregnancyPaid)
                pregnancies[counter.Reference] = counter.Value;
            else if (counter.Id == CounterId.CycleBills)
                cycles.Add(counter.Reference);
        }

        return new JsonObject
        {
            ["years"] = new JsonObject(years.Select(y => KeyValuePair.Create<string, JsonNode?>(y.Key, y.Value))),
            ["pregnancies"] = pregnancies,
            ["cycles"] = cycles,
        };
    }

    /// <summary>Name of a counter in the case format; null for those it does not list (limits per disease).</summary>
    public static string? NameOf(CounterKey key) => key.Id switch
    {
        CounterId.QuarterDeductiblePaid => $"Q{key.Period}.deductiblePaid",
        CounterId.QuarterPooledPaid => $"Q{key.Period}.pooledPaid",
        CounterId.QuarterVillagePaid => $"Q{key.Period}.villagePaid",
        CounterId.AlertRelapseIntoPoverty => "alert.RELAPSE_INTO_POVERTY",
        CounterId.AlertPovertyByIllness => "alert.POVERTY_BY_ILLNESS",
        CounterId.DiseaseMonthPaid or CounterId.DiseaseYearPaid => null,
        _ => CounterNames.NameOf(key.Id),
    };
}

namespace Settlement.Policy;

/// <summary>Out-of-area resettlement filings and how long they hold (service guide 16).</summary>
internal static class Filings
{
    /// <summary>Whether a filing for the place (compared by prefecture) counts on a day.</summary>
    public static bool CountFor(PersonFacts facts, RuleSet rules, int division, DateOnly day)
    {
        foreach (var filing in facts.Filings)
            if (Places.SamePrefecture(filing.Place, division) && HoldsOn(filing, rules, day))
                return true;

        return false;
    }

    /// <summary>Filed on or before the day, not ended on it, and not expired: the expiry date itself still counts.</summary>
    public static bool HoldsOn(FilingFact filing, RuleSet rules, DateOnly day)
        => filing.FiledOn <= day && (filing.EndedOn is not { } ended || day < ended) && day <= LastDay(filing, rules);

    /// <summary>Last day on which a filing holds of itself.</summary>
    public static DateOnly LastDay(FilingFact filing, RuleSet rules)
    {
        var keepsRecorded = rules.Publishes(Parameter.FilingRecordedUntil)
            && filing.FiledOn.DayNumber <= rules[Parameter.FilingRecordedUntil];
        if (keepsRecorded)
            return filing.ExpiresOn ?? DateOnly.MaxValue;

        return (FilingValidityRule)rules[Parameter.FilingValidity, (int)filing.Basis] switch
        {
            FilingValidityRule.Open => DateOnly.MaxValue,
            FilingValidityRule.ExpiryOrIssue when filing.ExpiresOn is null
                => (filing.IssuedOn ?? filing.FiledOn).AddMonths((int)rules[Parameter.FilingFromIssue]),
            _ => filing.ExpiresOn ?? filing.FiledOn,
        };
    }
}

/// <summary>Division codes: province (first two digits), prefecture (first four).</summary>
internal static class Places
{
    public static bool SamePrefecture(int a, int b) => a / 100 == b / 100;

    public static bool SameProvince(int a, int b) => a / 10_000 == b / 10_000;

    public static int ProvinceOf(int division) => division / 10_000;
}

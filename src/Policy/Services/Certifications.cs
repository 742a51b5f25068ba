namespace Settlement.Policy;

/// <summary>From when a certification of a chronic or special disease holds (service guide 17.3).</summary>
internal static class Certifications
{
    /// <summary>
    /// First day on which it holds: of the month of filing, or some months later, by disease; filed after the last day it counts as filed
    /// in the next month (D3). Null when the pack does not say.
    /// </summary>
    public static DateOnly? StartOf(CertificationFact certification, PackScheme scheme)
    {
        var rules = scheme.On(certification.FiledOn);
        var delay = rules[Parameter.CertificationDelay, (int)certification.Disease];
        var lastDay = rules[Parameter.CertificationLastDay];
        if (delay == RuleSet.Unpublished || lastDay == RuleSet.Unpublished)
            return null;

        var month = new DateOnly(certification.FiledOn.Year, certification.FiledOn.Month, 1);
        return month.AddMonths((int)delay + (certification.FiledOn.Day > lastDay ? 1 : 0));
    }
}

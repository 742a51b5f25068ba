using Settlement.Contract;
using Clas = Settlement.Contract.FeeLine.Types.Class;

namespace Settlement.Visits;

/// <summary>
/// A report as it was sent: without what was worked out of it, and without what the catalogue filled in, which may say something else by
/// the time the message comes again.
/// </summary>
internal static class SentReport
{
    /// <summary>Whether the same message made both.</summary>
    /// <param name="first">The one that is kept.</param>
    /// <param name="second">The one that came.</param>
    public static bool Repeats(VisitReport first, VisitReport second)
    {
        if (first.Charges.Count != second.Charges.Count) return false;
        (VisitReport one, VisitReport other) = (first.Clone(), second.Clone());
        for (int i = 0; i < one.Charges.Count; i++)
        {
            // Reports of earlier versions do not say when a line occurred.
            if (one.Charges[i].Occurred.Length == 0) other.Charges[i].Occurred = "";
            Strip(one.Charges[i]);
            Strip(other.Charges[i]);
        }

        return one.Equals(other);
    }

    private static void Strip(VisitCharge charge)
    {
        FeeLine line = charge.Line;
        charge.Stated ??= Terms(line);
        (line.Class, line.SelfPayBp) = (Clas.Unspecified, 0);
        line.ClearLimit();
        (charge.Parts, charge.Catalogue) = (null, null);
    }

    private static StatedTerms Terms(FeeLine line)
    {
        StatedTerms terms = new() { Class = line.Class };
        if (line.Class == Clas.B) terms.SelfPayBp = line.SelfPayBp;
        if (line.HasLimit) terms.Limit = line.Limit;
        return terms;
    }
}

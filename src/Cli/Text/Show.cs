using Settlement.Persons;

namespace Settlement.Cli.Text;

/// <summary>How figures and identifiers appear on the screen.</summary>
internal static class Show
{
    /// <summary>Fen as yuan with grouping: 123456 is <c>1,234.56</c>.</summary>
    public static string Yuan(long fen)
    {
        ulong size = fen < 0 ? (ulong)-(Int128)fen : (ulong)fen;
        return $"{(fen < 0 ? "-" : "")}{size / 100:#,0}.{size % 100:00}";
    }

    /// <summary>Basis points as percent: 6550 is <c>65.5%</c>.</summary>
    public static string Percent(int basisPoints) => basisPoints % 100 == 0
        ? $"{basisPoints / 100}%"
        : $"{basisPoints / 100}.{Math.Abs(basisPoints % 100):00}".TrimEnd('0') + "%";

    /// <summary>A person's id as others may see it: the last four of a long id, less of a short one.</summary>
    public static string Masked(string person) => PersonId.Shown(person);

    /// <summary>A count with grouping.</summary>
    public static string Count(long count) => count.ToString("#,0");
}

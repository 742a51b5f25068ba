using System.Collections.Concurrent;
using System.Globalization;
using Settlement.Contract;
using Settlement.Refusals;
using Matter = Settlement.Contract.CatalogueRow.MatterOneofCase;

namespace Settlement.Catalogues;

/// <summary>
/// The catalogue in memory: its versions by code, only ever added to. What it said when some version was the newest can be asked at any
/// time. One adds, any number ask meanwhile.
/// </summary>
public sealed class MedicalCatalogue
{
    private const int ProvinceUnit = 10_000;

    // An array is never changed: a version that comes makes a new one.
    private readonly ConcurrentDictionary<string, CatalogueItem[]> codes = new(StringComparer.Ordinal);
    private int newest;

    /// <summary>Number of the newest version; 0: the catalogue is empty.</summary>
    public int Newest => Volatile.Read(ref newest);

    /// <summary>Codes that have a version.</summary>
    public int Codes => codes.Count;

    /// <summary>Adds the version that follows the newest.</summary>
    /// <exception cref="InvalidDataException">It does not follow it.</exception>
    public void Add(CatalogueVersion version)
    {
        if (version.Version != newest + 1)
            throw new InvalidDataException($"Version {version.Version} of the catalogue came after version {newest}.");
        CatalogueItem item = CatalogueItem.Of(version.Row, version.Version);
        CatalogueItem[] known = codes.GetValueOrDefault(version.Row.Code, []);
        CatalogueItem[] next = [.. known, item];
        if (version.Row.Correction.Length > 0 && Corrected(known, item) is >= 0 and int at)
            next[at] = next[at] with { ReplacedBy = version.Version };
        codes[version.Row.Code] = next;
        Volatile.Write(ref newest, version.Version);
    }

    /// <summary>Whether the catalogue has an entry for the code, of whatever days.</summary>
    /// <param name="code">医保目录编码.</param>
    /// <param name="asOf">The version that was the newest.</param>
    public bool Knows(string code, int asOf)
    {
        foreach (ref readonly CatalogueItem item in Items(code))
        {
            if (item.Matter == Matter.Entry && item.StandsAt(asOf)) return true;
        }

        return false;
    }

    /// <summary>
    /// What holds of a code on a day. Shares and limits are those of the region; where it has none in force, those of its province.
    /// </summary>
    /// <param name="code">医保目录编码.</param>
    /// <param name="day">The day.</param>
    /// <param name="region">Pooling region: division code of six digits.</param>
    /// <param name="asOf">The version that was the newest.</param>
    public CatalogueFinding Find(string code, DateOnly day, string region, int asOf)
    {
        ReadOnlySpan<CatalogueItem> items = Items(code);
        int own = CatalogueItem.RegionOf(region);
        int province = own / ProvinceUnit * ProvinceUnit;
        return new CatalogueFinding(
            InForce(items, Matter.Entry, 0, day.DayNumber, asOf),
            InForce(items, Matter.Share, own, day.DayNumber, asOf) ?? InForce(items, Matter.Share, province, day.DayNumber, asOf),
            InForce(items, Matter.Limit, own, day.DayNumber, asOf) ?? InForce(items, Matter.Limit, province, day.DayNumber, asOf));
    }

    /// <summary>Numbers of all versions of a code, in order.</summary>
    public IReadOnlyList<int> VersionsOf(string code)
    {
        List<int> versions = [];
        foreach (ref readonly CatalogueItem item in Items(code)) versions.Add(item.Version);
        return versions;
    }

    /// <summary>The version by which the same row was recorded before; 0: it was not.</summary>
    public int Recorded(CatalogueRow row)
    {
        ulong content = CatalogueItem.Of(row, 0).Content;
        foreach (ref readonly CatalogueItem item in Items(row.Code))
        {
            if (item.Content == content) return item.Version;
        }

        return 0;
    }

    /// <summary>Why a row that was not recorded before cannot be, or null.</summary>
    public RefusalInfo? Fault(CatalogueRow row)
    {
        CatalogueItem[] items = codes.GetValueOrDefault(row.Code, []);
        CatalogueItem wanted = CatalogueItem.Of(row, 0);
        int corrected = row.Correction.Length > 0 ? Corrected(items, wanted) : -1;
        if (row.Correction.Length > 0 && corrected < 0)
        {
            return new RefusalInfo(
                RefusalCodes.CatalogueNothingToCorrect,
                $"No version of '{row.Code}' of this kind and region begins on {row.From}: there is nothing to correct.",
                $"目录编码“{row.Code}”没有自{row.From}起的同类记录，无可更正。",
                Details(row));
        }

        if (wanted.Withdrawn) return null;
        for (int i = 0; i < items.Length; i++)
        {
            CatalogueItem other = items[i];
            if (i == corrected || !other.IsBeside(wanted) || !other.StandsAt(int.MaxValue) || !Overlap(wanted, other)) continue;
            string period = $"{Day(other.From)}..{(other.To == CatalogueItem.Open ? "" : Day(other.To))}";
            Dictionary<string, string> details = Details(row);
            details["version"] = other.Version.ToString(CultureInfo.InvariantCulture);
            details["versionPeriod"] = period;
            return new RefusalInfo(
                RefusalCodes.CatalogueOverlap,
                $"'{row.Code}' from {row.From} to '{row.To}' overlaps its version {other.Version}, which holds {period}: "
                    + "what was recorded is corrected by a row that says so.",
                $"目录编码“{row.Code}”自{row.From}至“{row.To}”与已有版本{other.Version}（{period}）重叠，如属更正请填写更正说明。",
                details);
        }

        return null;
    }

    // Of two versions that begin on different days the earlier ends before the later begins: an open one then, a closed one must.
    private static bool Overlap(in CatalogueItem one, in CatalogueItem other)
    {
        if (one.From == other.From) return true;
        CatalogueItem earlier = one.From < other.From ? one : other;
        return earlier.To != CatalogueItem.Open && earlier.To >= Math.Max(one.From, other.From);
    }

    /// <summary>The place of the version that a correction is of: the last of the same matter, region and first day.</summary>
    private static int Corrected(CatalogueItem[] items, CatalogueItem wanted) =>
        Array.FindLastIndex(items, item => item.IsBeside(wanted) && item.From == wanted.From);

    private static CatalogueValue? InForce(ReadOnlySpan<CatalogueItem> items, Matter matter, int region, int day, int asOf)
    {
        CatalogueItem found = default;
        foreach (ref readonly CatalogueItem item in items)
        {
            bool isLater = item.Matter == matter && item.Region == region && item.From <= day && item.From >= found.From;
            if (isLater && item.StandsAt(asOf)) found = item;
        }

        return found.Version > 0 && day <= found.To ? new CatalogueValue(found.Value, found.Version) : null;
    }

    private static string Day(int number) => DateOnly.FromDayNumber(number).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static Dictionary<string, string> Details(CatalogueRow row) =>
        new() { ["field"] = "row.from", ["value"] = row.From, ["code"] = row.Code };

    private ReadOnlySpan<CatalogueItem> Items(string code) => codes.GetValueOrDefault(code, []);
}

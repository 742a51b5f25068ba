using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Google.Protobuf;
using Settlement.Contract;
using Matter = Settlement.Contract.CatalogueRow.MatterOneofCase;

namespace Settlement.Catalogues;

/// <summary>A version of the catalogue as it is held in memory: 48 bytes, for there are hundreds of thousands.</summary>
internal readonly record struct CatalogueItem
{
    /// <summary>What an open end is while it is compared.</summary>
    public const int Open = int.MaxValue;

    private CatalogueItem(CatalogueRow row)
    {
        From = IsoDay.Parse(row.From).DayNumber;
        To = row.To.Length == 0 ? Open : IsoDay.Parse(row.To).DayNumber;
        Matter = row.MatterCase;
        Withdrawn = row.Withdrawn;
        (Region, Value) = row.MatterCase switch
        {
            Matter.Entry => (0, (long)row.Entry.Class),
            Matter.Share => (RegionOf(row.Share.Region), row.Share.SelfPayBp),
            Matter.Limit => (RegionOf(row.Limit.Region), row.Limit.Limit),
            _ => throw new InvalidDataException($"A row of the catalogue for '{row.Code}' says nothing that this program knows."),
        };
        Content = BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(row.ToByteArray()));
    }

    /// <summary>Number of the version.</summary>
    public int Version { get; init; }

    /// <summary>The correction that took its place; 0: none.</summary>
    public int ReplacedBy { get; init; }

    /// <summary>Number of the first day.</summary>
    public int From { get; }

    /// <summary>Number of the last day, or <see cref="Open"/>.</summary>
    public int To { get; }

    /// <summary>Division code; 0 of an entry, which holds everywhere.</summary>
    public int Region { get; }

    /// <summary>As in <see cref="CatalogueValue"/>.</summary>
    public long Value { get; }

    /// <summary>Beginning of the SHA-256 of the whole row, by which a repeat is known among the versions of its code.</summary>
    public ulong Content { get; }

    /// <summary>Entry, share or limit.</summary>
    public Matter Matter { get; }

    /// <summary>A correction by which nothing holds from that day.</summary>
    public bool Withdrawn { get; }

    /// <summary>An item of a row that was checked.</summary>
    /// <param name="row">The row.</param>
    /// <param name="version">Its number; 0 while it has none.</param>
    public static CatalogueItem Of(CatalogueRow row, int version) => new(row) { Version = version };

    /// <summary>A division code as a number.</summary>
    public static int RegionOf(string division) => int.Parse(division, NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>Whether it is of the same matter, in the same region.</summary>
    public bool IsBeside(in CatalogueItem other) => Matter == other.Matter && Region == other.Region;

    /// <summary>Whether it counts, as the catalogue was when a version was the newest.</summary>
    public bool StandsAt(int newest) => Version <= newest && (ReplacedBy == 0 || ReplacedBy > newest) && !Withdrawn;
}

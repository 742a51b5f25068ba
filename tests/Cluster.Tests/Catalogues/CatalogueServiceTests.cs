using Grpc.Core;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Gateway.Catalogues;
using Settlement.Tests.Support;
using Clas = Settlement.Contract.FeeLine.Types.Class;

namespace Settlement.Cluster.Tests.Catalogues;

/// <summary>The catalogue over the wire, on both stores: recorded once, durably, and seen by every silo.</summary>
public sealed class CatalogueServiceTests
{
    private readonly ManualTimeProvider clock = new(DateTimeOffset.Parse("2026-03-10T12:00:00+08:00", null));

    [Fact]
    public async Task Recorded_on_sqlite() => await RecordAsync(await TestLedgers.SqliteAsync());

    [Fact]
    public async Task Recorded_on_postgres() => await RecordAsync(await TestLedgers.PostgresAsync());

    [Theory]
    [InlineData("row.code", "bad code")]
    [InlineData("row.from", "2026-02-30")]
    [InlineData("row.to", "2024-12-31")]
    [InlineData("row.correction", "")]
    [InlineData("row.share.region", "210102")]
    [InlineData("row.share.selfPayBp", "")]
    [InlineData("row.entry.name", "")]
    [InlineData("row.entry.class", "")]
    [InlineData("row.limit.limit", "")]
    [InlineData("row.entry, row.share or row.limit", "")]
    public async Task A_row_that_cannot_be_is_refused_by_field(string field, string value)
    {
        CatalogueRow row = Entry("C1", Clas.A, "2025-01-01");
        switch (field)
        {
            case "row.code": row.Code = value; break;
            case "row.from": row.From = value; break;
            case "row.to": row.To = value; break;
            case "row.correction": row.Withdrawn = true; break;
            case "row.share.region": row.Share = new CatalogueShare { Region = value }; break;
            case "row.share.selfPayBp": row.Share = new CatalogueShare { Region = "210100", SelfPayBp = 10_001 }; break;
            case "row.entry.name": row.Entry.Name = ""; break;
            case "row.entry.class": row.Entry.Class = Clas.Unspecified; break;
            case "row.limit.limit": row.Limit = new CatalogueLimit { Region = "210000", Limit = -1 }; break;
            default: row.ClearMatter(); break;
        }

        await using TestSilo silo = await StartAsync(await TestLedgers.SqliteAsync());
        Google.Rpc.ErrorInfo info = await Refused.With("INVALID_FIELD", StatusCode.InvalidArgument, Record(silo, row));
        Assert.Equal(field, info.Metadata["field"]);
    }

    private async Task RecordAsync(string[] ledger)
    {
        const int Codes = 1_200; // over two segments of the store, and into a third
        List<CatalogueVersion> first = [];
        await using (TestSilo silo = await StartAsync(ledger))
        {
            // As many at once as an import sends: those that wait are written together.
            foreach (int[] together in Enumerable.Range(0, Codes).Chunk(64))
                first.AddRange(await Task.WhenAll(together.Select(i =>
                    Record(silo, Entry($"MADE-UP-{i}", Clas.A, "2025-01-01")).ResponseAsync)));
            Assert.Equal(Enumerable.Range(1, Codes), first.Select(version => version.Version).Order());
            Assert.DoesNotContain(first, version => version.Already);
        }

        // After a restart, with another silo at work that knows nothing of it.
        await using TestSilo one = await StartAsync(ledger);
        await using TestSilo other = await StartAsync(ledger);
        CatalogueVersion again = await Record(one, Entry("MADE-UP-700", Clas.A, "2025-01-01"));
        Assert.Equal((first[700].Version, first[700].RecordedAt, true), (again.Version, again.RecordedAt, again.Already));
        Google.Rpc.ErrorInfo overlap = await Refused.With(
            "CATALOGUE_OVERLAP", StatusCode.AlreadyExists, Record(one, Entry("MADE-UP-700", Clas.B, "2025-01-01")));
        Assert.Equal(($"{first[700].Version}", "MADE-UP-700"), (overlap.Metadata["version"], overlap.Metadata["code"]));
        await Refused.With(
            "CATALOGUE_NOTHING_TO_CORRECT", StatusCode.FailedPrecondition,
            Record(one, Entry("MADE-UP-700", Clas.B, "2025-02-01", "wrong class")));

        // Both write, in turn: the storage fences the one that does not know what the other wrote.
        Assert.Single((await ListAsync(one, "MADE-UP-700")).Versions);
        CatalogueVersion another = await Record(other, Entry("MADE-UP-NEW", Clas.A, "2025-01-01"));
        CatalogueVersion corrected = await Record(one, Entry("MADE-UP-700", Clas.B, "2025-01-01", "wrong class"));
        // What a gateway recorded itself it knows at once; what another did, within the time.
        Assert.Equal(new[] { first[700], corrected }, (await ListAsync(one, "MADE-UP-700")).Versions);
        CatalogueVersion added = await Record(other, Entry("MADE-UP-700", Clas.C, "2026-01-01"));
        Assert.Equal((Codes + 1, Codes + 2, Codes + 3), (another.Version, corrected.Version, added.Version));
        Assert.Equal(new[] { first[700], corrected }, (await ListAsync(one, "MADE-UP-700")).Versions);
        clock.Advance(CatalogueSnapshot.Stale);
        Assert.Equal(new[] { first[700], corrected, added }, (await ListAsync(one, "MADE-UP-700")).Versions);
    }

    private Task<TestSilo> StartAsync(string[] ledger) => TestSilo.StartAsync(clock, [.. ledger, "Gateway:Insecure=true"]);

    private static AsyncUnaryCall<CatalogueVersion> Record(TestSilo silo, CatalogueRow row) =>
        new Catalogue.CatalogueClient(silo.Channel()).RecordCatalogueRowAsync(new RecordCatalogueRowRequest { Row = row });

    private static async Task<ListCatalogueVersionsResponse> ListAsync(TestSilo silo, string code) =>
        await new Catalogue.CatalogueClient(silo.Channel()).ListCatalogueVersionsAsync(new ListCatalogueVersionsRequest { Code = code });

    private static CatalogueRow Entry(string code, Clas clas, string from, string correction = "") => new()
    {
        Code = code, From = from, Correction = correction, Entry = new CatalogueEntry { Name = $"made up: {code}", Class = clas },
    };
}

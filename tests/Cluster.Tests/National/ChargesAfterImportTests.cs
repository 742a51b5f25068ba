using System.Text.Json.Nodes;
using Settlement.Cluster.Tests.Support;

namespace Settlement.Cluster.Tests.National;

/// <summary>Lines that were charged before the catalogue said anything of them.</summary>
public sealed class ChargesAfterImportTests : IAsyncLifetime
{
    private NationalSilo silo = null!;
    private int sent;

    public async Task InitializeAsync() => silo = await NationalSilo.StartAsync(await TestLedgers.SqliteAsync());

    public async Task DisposeAsync() => await silo.DisposeAsync();

    [Theory]
    [InlineData("""{"class":"A"}""", "", """{"limit":{"region":"210000","limit":"500"}}""")] // fills a limit in now
    [InlineData("""{"class":"C"}""", "[CATALOGUE_CONTRADICTED]", null)] // would be refused now
    public async Task A_line_charged_by_its_own_terms_is_answered_again_as_before_once_the_catalogue_has_its_code(
        string entry, string refused, string? more)
    {
        string visit = (await silo.AskAsync(Message("2401", new JsonObject
        {
            ["mdtrtinfo"] = new JsonObject
            {
                ["psn_no"] = NationalSilo.Inpatient, ["insutype"] = "390", ["begntime"] = "2026-03-01 08:00:00", ["med_type"] = "21",
            },
        }))).GetProperty("output").GetProperty("result").GetProperty("mdtrt_id").GetString()!;
        string charge = Message("2301", Lines(visit, "1"));
        string first = (await silo.SendAsync(charge)).Body;
        Assert.Contains("\"inscp_scp_amt\":10.00", first);

        await RecordAsync("entry", (JsonObject)JsonNode.Parse(entry)!);
        if (more is not null) await RecordAsync("limit", (JsonObject)JsonNode.Parse(more)!["limit"]!.DeepClone());

        Assert.Equal(first, (await silo.SendAsync(charge)).Body);
        string next = (await silo.SendAsync(Message("2301", Lines(visit, "2")))).Body;
        Assert.Contains(refused.Length > 0 ? refused : "\"overlmt_amt\":5.00", next);
    }

    private Task<Settlement.Contract.CatalogueVersion> RecordAsync(string matter, JsonObject content)
    {
        if (matter == "entry") content["name"] = "made up";
        return silo.RecordAsync(new JsonObject { ["code"] = "X1", ["from"] = "2026-01-01", [matter] = content }.ToJsonString());
    }

    private static JsonObject Lines(string visit, string id) => new()
    {
        ["feedetail"] = new JsonArray(new JsonObject
        {
            ["feedetl_sn"] = id, ["mdtrt_id"] = visit, ["psn_no"] = NationalSilo.Inpatient, ["fee_ocur_time"] = "2026-03-02 09:00:00",
            ["med_list_codg"] = "X1", ["det_item_fee_sumamt"] = "10.00", ["cnt"] = "1", ["pric"] = "10.00", ["chrgitm_lv"] = "01",
        }),
    };

    private string Message(string number, JsonObject input) => new JsonObject
    {
        ["infno"] = number, ["msgid"] = $"{NationalSilo.Hospital}20260310080000{++sent:0000}", ["mdtrtarea_admvs"] = "210100",
        ["insuplc_admdvs"] = "210100", ["inf_time"] = "2026-03-10 08:00:00", ["fixmedins_code"] = NationalSilo.Hospital, ["input"] = input,
    }.ToJsonString();
}

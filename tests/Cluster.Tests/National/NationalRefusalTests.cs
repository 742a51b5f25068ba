using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Settlement.Cluster.Tests.Support;

namespace Settlement.Cluster.Tests.National;

/// <summary>Messages of the national interface that are refused: by name, in its own envelope, and with nothing written.</summary>
public sealed class NationalRefusalTests : IAsyncLifetime
{
    private NationalSilo silo = null!;
    private int sent;

    public async Task InitializeAsync() => silo = await NationalSilo.StartAsync(
        await TestLedgers.SqliteAsync(), "Gateway:National:KeyHeader=x-access-key", "Gateway:National:LocalMedTypes:210100:9901=CHRONIC");

    public async Task DisposeAsync() => await silo.DisposeAsync();

    /// <summary>What is spoiled in a settlement, and what the refusal says.</summary>
    public static TheoryData<string, string?, string> Spoiled => new()
    {
        { "infno", null, "[INVALID_FIELD] 缺少字段 message.infno" },
        { "infno", "1101", "[UNSUPPORTED_TRANSACTION] 交易“1101 人员基本信息获取”不受支持" },
        { "infno", "7777", "[UNSUPPORTED_TRANSACTION] 交易“7777”不受支持" },
        { "msgid", null, "[INVALID_FIELD] 缺少字段 message.msgid" },
        { "msgid", "0123456789012345678901234567890", "[INVALID_FIELD] 字段 message.msgid" },
        { "fixmedins_code", "H21010200003", "[NOT_ALLOWED]" },
        { "inf_time", "2026/03/10", "[INVALID_FIELD] 字段 message.inf_time" },
        { "mdtrtarea_admvs", "310100", "[FACILITY_FACTS_DIFFER]" },
        { "insuplc_admdvs", "2101", "[INVALID_FIELD] 字段 message.insuplc_admdvs" },
        { "input.data.psn_no", "11010519491231002x", "[INVALID_FIELD] 字段 message.input.data.psn_no 的值“****2x”" },
        { "input.data.psn_no", "P404", "[PERSON_NOT_REGISTERED]" },
        { "input.data.medfee_sumamt", "100.001", "[INVALID_FIELD] 字段 message.input.data.medfee_sumamt 的值“100.001”无效" },
        { "input.data.medfee_sumamt", "-1", "[INVALID_FIELD] 字段 message.input.data.medfee_sumamt" },
        { "input.data.medfee_sumamt", "1000.01", "[TOTALS_DO_NOT_ADD_UP]" },
        { "input.data.med_type", "77", "[INVALID_FIELD] 字段 message.input.data.med_type 的值“77”无效：不是医疗类别的有效代码" },
        { "input.data.med_type", "22", "[UNSUPPORTED_CODE] 字段 message.input.data.med_type 的值“22”（外伤住院）" },
        { "input.data.med_type", "11", "[INVALID_FIELD] 字段 message.input.data.med_type 的值“OutpatientPooling”无效：应为住院类医疗类别" },
        { "input.data.insutype", "510", "[UNSUPPORTED_CODE] 字段 message.input.data.insutype 的值“510”（生育保险）" },
        { "input.data.mdtrt_cert_type", "09", "[INVALID_FIELD] 字段 message.input.data.mdtrt_cert_type" },
        { "input.data.psn_setlway", "02", "[UNSUPPORTED_CODE]" },
        { "input.data.acct_used_flag", "2", "[INVALID_FIELD] 字段 message.input.data.acct_used_flag" },
        { "input.data.mdtrt_id", null, "[INVALID_FIELD] 缺少字段 message.input.data.mdtrt_id" },
        { "input.data.begntime", null, "[INVALID_FIELD] 缺少字段 message.input.data.begntime (or 2201, 2401 before)" },
        { "input.data.endtime", "2026-03-11 08:00:00", "[DATE_AHEAD]" },
        { "input.data.endtime", "2026-02-30", "[INVALID_FIELD] 字段 message.input.data.endtime" },
        { "input.data", null, "[INVALID_FIELD] 缺少字段 message.input.data" },
    };

    [Theory]
    [MemberData(nameof(Spoiled))]
    public async Task A_spoiled_message_is_refused_by_name_and_writes_nothing(string field, string? value, string expected)
    {
        JsonObject message = Settlement();
        JsonObject node = message;
        string[] path = field.Split('.');
        foreach (string part in path[..^1]) node = (JsonObject)node[part]!;
        if (value is null) node.Remove(path[^1]);
        else node[path[^1]] = value;
        int before = (await Audits.FingerprintAsync(silo.Silo)).Count;

        (HttpStatusCode status, string body) = await silo.SendAsync(message.ToJsonString());

        JsonElement answer = JsonDocument.Parse(body).RootElement;
        Assert.Equal((HttpStatusCode.OK, -1), (status, answer.GetProperty("infcode").GetInt32()));
        Assert.StartsWith(expected, answer.GetProperty("err_msg").GetString());
        Assert.DoesNotContain("11010519491231002x", body);
        Assert.Equal(before, (await Audits.FingerprintAsync(silo.Silo)).Count);
    }

    [Fact]
    public async Task A_visit_that_nobody_reported_is_settled_when_the_message_tells_it_whole()
    {
        JsonElement answer = await silo.AskAsync(Settlement().ToJsonString());

        Assert.Equal("", answer.GetProperty("err_msg").GetString());
        Assert.Equal(0, answer.GetProperty("infcode").GetInt32());
        Assert.Equal("300.00", answer.GetProperty("output").GetProperty("setlinfo").GetProperty("hifp_pay").GetRawText());
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[1]")]
    [InlineData("{\"infno\":{}}")]
    [InlineData("{\"infno\":\"2304\",\"msgid\":\"a b\"}")]
    public async Task What_is_no_message_is_refused_in_the_same_envelope(string body)
    {
        JsonElement answer = await silo.AskAsync(body);
        Assert.Equal(-1, answer.GetProperty("infcode").GetInt32());
        Assert.StartsWith("[INVALID_FIELD]", answer.GetProperty("err_msg").GetString());
    }

    [Fact]
    public async Task Without_a_key_nothing_is_served_and_a_key_may_come_in_the_header_of_the_province()
    {
        using HttpClient plain = new() { BaseAddress = new Uri(silo.Silo.HttpAddress) };
        using HttpResponseMessage refused = await plain.PostAsync("/national", new StringContent(Settlement().ToJsonString()));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        plain.DefaultRequestHeaders.Add("x-access-key", silo.Key);
        using HttpResponseMessage served = await plain.PostAsync("/national", new StringContent(Settlement().ToJsonString()));
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Fact]
    public async Task A_visit_belongs_to_its_facility_and_its_person()
    {
        string visit = (await silo.AskAsync(Message("2401", Admission()).ToJsonString())).GetProperty("output").GetProperty("result")
            .GetProperty("mdtrt_id").GetString()!;
        JsonObject charge = new() { ["feedetail"] = new JsonArray(Line(visit, "1")) };

        JsonObject elsewhere = Message("2301", charge.DeepClone());
        elsewhere["fixmedins_code"] = "H21010200003";
        Assert.StartsWith("[NOT_FOUND]", Error(await silo.AskAsync(elsewhere.ToJsonString(), silo.OtherKey)));
        JsonObject stranger = (JsonObject)charge.DeepClone();
        stranger["feedetail"]![0]!["psn_no"] = NationalSilo.Outpatient;
        Assert.StartsWith("[VISIT_CONFLICT]", Error(await silo.AskAsync(Message("2301", stranger).ToJsonString())));
        Assert.Equal("", Error(await silo.AskAsync(Message("2301", charge.DeepClone()).ToJsonString())));
    }

    [Fact]
    public async Task A_message_sent_again_is_answered_again_and_another_under_its_id_is_refused()
    {
        JsonObject admission = Message("2401", Admission());
        string first = (await silo.SendAsync(admission.ToJsonString())).Body;
        Assert.Equal(first, (await silo.SendAsync(admission.ToJsonString())).Body);
        admission["input"]!["mdtrtinfo"]!["begntime"] = "2026-03-02 08:00:00";
        Assert.StartsWith("[REQUEST_CONFLICT]", Error(await silo.AskAsync(admission.ToJsonString())));
    }

    [Fact]
    public async Task A_line_is_charged_once_and_withdrawn_once()
    {
        string visit = (await silo.AskAsync(Message("2401", Admission()).ToJsonString())).GetProperty("output").GetProperty("result")
            .GetProperty("mdtrt_id").GetString()!;
        JsonObject charge = new() { ["feedetail"] = new JsonArray(Line(visit, "1")) };
        JsonObject withdraw =
            new() { ["data"] = new JsonArray(
            new JsonObject { ["feedetl_sn"] = "1", ["mdtrt_id"] = visit, ["psn_no"] = NationalSilo.Inpatient }) };
        JsonObject cancel = new() { ["data"] = new JsonObject { ["mdtrt_id"] = visit, ["psn_no"] = NationalSilo.Inpatient } };

        Assert.Equal("", Error(await silo.AskAsync(Message("2301", charge.DeepClone()).ToJsonString())));
        Assert.StartsWith(
            "[VISIT_CONFLICT] 字段 feedetl_sn 的值“1”", Error(await silo.AskAsync(Message("2301", charge.DeepClone()).ToJsonString())));
        Assert.StartsWith("[VISIT_CONFLICT] 字段 mdtrt_id", Error(await silo.AskAsync(Message("2404", cancel.DeepClone()).ToJsonString())));
        Assert.Equal("", Error(await silo.AskAsync(Message("2302", withdraw.DeepClone()).ToJsonString())));
        Assert.StartsWith(
            "[VISIT_CONFLICT] 字段 feedetl_sn 的值“1”", Error(await silo.AskAsync(Message("2302", withdraw.DeepClone()).ToJsonString())));
        Assert.Equal("", Error(await silo.AskAsync(Message("2404", cancel.DeepClone()).ToJsonString())));
        Assert.StartsWith("[VISIT_CONFLICT]", Error(await silo.AskAsync(Message("2301", charge.DeepClone()).ToJsonString())));
    }

    [Fact]
    public async Task An_admission_voided_before_it_arrives_is_refused_when_it_does()
    {
        JsonObject admission = Message("2401", Admission());
        JsonObject original =
            new() { ["data"] = new JsonObject { ["psn_no"] = NationalSilo.Inpatient, ["omsgid"] = admission["msgid"]!.DeepClone(),
            ["oinfno"] = "2401" } };
        Assert.Equal("", Error(await silo.AskAsync(Message("2601", original).ToJsonString())));
        Assert.StartsWith("[VISIT_CONFLICT]", Error(await silo.AskAsync(admission.ToJsonString())));
    }

    [Fact]
    public async Task A_local_code_means_what_the_citys_table_says()
    {
        JsonObject message = Message("2207", Settlement()["input"]!.DeepClone());
        message["input"]!["data"]!["med_type"] = "9901";
        message["input"]!["data"]!["dise_codg"] = "DIALYSIS";
        // The rules were asked for a chronic disease: no certification of this person is known.
        Assert.StartsWith("[NO_CERTIFICATION]", Error(await silo.AskAsync(message.ToJsonString())));
    }

    private static string Error(JsonElement answer) => answer.GetProperty("err_msg").GetString()!;

    private static JsonObject Admission() => new()
    {
        ["mdtrtinfo"] =
            new JsonObject { ["psn_no"] = NationalSilo.Inpatient, ["insutype"] = "390", ["begntime"] = "2026-03-01 08:00:00",
            ["med_type"] = "21" },
    };

    private static JsonObject Line(string visit, string id) => new()
    {
        ["feedetl_sn"] = id, ["mdtrt_id"] = visit, ["psn_no"] = NationalSilo.Inpatient, ["med_list_codg"] = "X1",
            ["det_item_fee_sumamt"] = "10.00",
        ["cnt"] = "1", ["pric"] = "10.00", ["chrgitm_lv"] = "01",
    };

    /// <summary>A settlement that tells its whole visit: 1,000 yuan in scope.</summary>
    private JsonObject Settlement() => Message("2304", new JsonObject
    {
        ["data"] = new JsonObject
        {
            ["psn_no"] = NationalSilo.Inpatient, ["mdtrt_cert_type"] = "02", ["med_type"] = "21", ["medfee_sumamt"] = "1000.00",
                ["psn_setlway"] = "01",
            ["mdtrt_id"] = $"V{sent + 1}", ["insutype"] = "390", ["acct_used_flag"] = "0", ["fulamt_ownpay_amt"] = "0.00",
                ["overlmt_selfpay"] = "0.00",
            ["preselfpay_amt"] = "0.00", ["inscp_scp_amt"] = "1000.00", ["begntime"] = "2026-03-01 08:00:00",
                ["endtime"] = "2026-03-09 08:00:00",
        },
    });

    private JsonObject Message(string number, JsonNode input) => new()
    {
        ["infno"] = number, ["msgid"] = $"{NationalSilo.Hospital}20260310080000{++sent:0000}", ["mdtrtarea_admvs"] = "210100",
            ["insuplc_admdvs"] = "210100",
        ["inf_time"] = "2026-03-10 08:00:00", ["fixmedins_code"] = NationalSilo.Hospital, ["input"] = input.DeepClone(),
    };
}

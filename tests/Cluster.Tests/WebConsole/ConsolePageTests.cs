using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Grpc.Core;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.WebConsole.Words;

namespace Settlement.Cluster.Tests.WebConsole;

/// <summary>
/// What the console's pages show: the figures of the operations, to each caller what its key may see, in the chosen language.
/// </summary>
public sealed partial class ConsolePageTests : IAsyncLifetime
{
    private ConsoleScene scene = null!;
    private ConsoleVisitor agency = null!;
    private ConsoleVisitor facility = null!;

    public async Task InitializeAsync()
    {
        scene = await ConsoleScene.StartAsync();
        agency = await scene.SignedInAsync(scene.AgencyKey);
        facility = await scene.SignedInAsync(scene.FacilityKey);
    }

    public async Task DisposeAsync()
    {
        agency.Dispose();
        facility.Dispose();
        await scene.DisposeAsync();
    }

    [Fact]
    public async Task The_account_shows_every_limit_with_what_is_used_and_left()
    {
        GetLimitsRequest asked = new() { Person = ConsoleScene.Person, Region = Requests.Shenyang, On = "2026-06-01" };
        GetLimitsResponse limits = await scene.Silo.Settlement.GetLimitsAsync(asked, Agency());

        string page = await agency.ReadTextAsync(await AccountAsync(agency));

        Assert.Equal(2026, limits.BenefitYear);
        Assert.Equal(
            ["pooled.yearly-cap", "serious-illness.bands", "serious-illness.yearly-cap", "assistance.basic-deductible",
                "assistance.basic-cap"],
            limits.Limits.Take(5).Select(limit => limit.Parameter));
        Limit pooled = limits.Limits[0];
        Assert.Equal(scene.OwnSettlement.Pooled + scene.OtherSettlement.Pooled, pooled.Used);
        Assert.Equal(pooled.Most, pooled.Used + pooled.Left);
        foreach (Limit limit in limits.Limits)
        {
            Assert.Contains(limit.NameZh, page);
            Assert.Contains(limit.Citation, page);
            Assert.Contains($">{Figures.Yuan(limit.Used)}</td>", page);
            if (limit.HasMost) Assert.Contains($">{Figures.Yuan(limit.Left)}", page);
        }
    }

    [Fact]
    public async Task A_facility_sees_its_own_settlements_only_and_the_agency_all()
    {
        string own = $"/console/settlements/{scene.OwnSettlement.SettlementId}";
        string other = $"/console/settlements/{scene.OtherSettlement.SettlementId}";

        string seenByAgency = await agency.ReadAsync(await AccountAsync(agency));
        string seenByFacility = await facility.ReadAsync(await AccountAsync(facility));
        using HttpResponseMessage refused = await facility.GetAsync(other);

        Assert.Contains(own, seenByAgency);
        Assert.Contains(other, seenByAgency);
        Assert.Contains(own, seenByFacility);
        Assert.DoesNotContain(other, seenByFacility);
        Assert.Contains(own[^26..], await facility.ReadAsync(own));
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        Assert.Contains("没有结算编号", await refused.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task What_is_the_agencys_alone_is_refused_to_a_facility_in_the_chosen_language()
    {
        using HttpResponseMessage zh = await facility.GetAsync("/console/operations");
        using HttpResponseMessage chosen = await facility.GetAsync("/console/operations?lang=en");
        using HttpResponseMessage en = await facility.GetAsync("/console/operations/live");
        using HttpResponseMessage others = await facility.GetAsync(
            $"/console/reconciliation/details.csv?facility={ConsoleScene.Other}&from=2026-06-01&to=2026-06-01");

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Redirect), (zh.StatusCode, chosen.StatusCode));
        Assert.Contains("只有经办机构可以办理此业务", await zh.Content.ReadAsStringAsync());
        Assert.Contains("Only the agency may look at operations.", await en.Content.ReadAsStringAsync());
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (en.StatusCode, others.StatusCode));
        Assert.DoesNotContain("/console/operations", await facility.ReadAsync("/console"));
    }

    [Fact]
    public async Task No_address_and_no_page_holds_a_persons_id_but_the_field_it_is_typed_into()
    {
        string account = await AccountAsync(agency);
        string[] paths = [
            account, $"/console/settlements/{scene.OwnSettlement.SettlementId}",
            $"/console/reconciliation?facility={ConsoleScene.Own}&from=2026-06-01&to=2026-06-01"];

        foreach (string path in paths)
        {
            string page = await agency.ReadAsync(path);
            Assert.DoesNotContain(ConsoleScene.Person, path);
            Assert.DoesNotContain(ConsoleScene.Person, page);
        }

        Assert.Contains("**************0011", await agency.ReadAsync(account));
        string calculator = await agency.ReadAsync($"/console/calculator?person={account.Split('/')[^1]}");
        Assert.Single(Regex.Matches(calculator, ConsoleScene.Person));
        Assert.Contains($"""name="person" value="{ConsoleScene.Person}" """.TrimEnd(), calculator);
    }

    [Fact]
    public async Task A_link_to_a_person_opens_nothing_for_another_key_and_nothing_when_made_up()
    {
        string account = await AccountAsync(agency);
        using HttpResponseMessage borrowed = await facility.GetAsync(account);
        using HttpResponseMessage invented = await agency.GetAsync("/console/account/made-up");

        Assert.Equal(("/console", "/console"), (borrowed.Headers.Location?.OriginalString, invented.Headers.Location?.OriginalString));
    }

    [Fact]
    public async Task An_unknown_person_and_a_malformed_id_are_refused_with_the_rule()
    {
        using HttpResponseMessage unknown = await agency.SubmitAsync("/console", "/console/find-person", ("person", "NOBODY"));
        using HttpResponseMessage malformed = await agency.SubmitAsync("/console", "/console/find-person", ("person", "no such id"));

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.BadRequest), (unknown.StatusCode, malformed.StatusCode));
        Assert.Contains("PERSON_NOT_REGISTERED", await unknown.Content.ReadAsStringAsync());
        Assert.Contains("人员编号不符合规则", await malformed.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("zh", "统筹基金支付")]
    [InlineData("en", "Pooled fund")]
    public async Task The_statement_falls_from_the_total_to_what_the_person_pays_and_explains_every_step(string language, string pooled)
    {
        SettlementResult result = scene.OwnSettlement;
        using HttpResponseMessage chosen = await agency.GetAsync($"/console/settlements/{result.SettlementId}?lang={language}");
        GetSettlementRequest asked = new() { SettlementId = result.SettlementId, Language = language };
        SettlementView view = await scene.Silo.Settlement.GetSettlementAsync(asked, Agency());

        string page = await agency.ReadTextAsync($"/console/settlements/{result.SettlementId}");

        string waterfall = page.Split("<table class=\"waterfall\">")[1].Split("</table>")[0];
        long[] bars = [.. Amount().Matches(waterfall).Select(match => Fen(match.Groups[1].Value))];
        Assert.Equal(result.Totals.Total, bars[0]);
        Assert.Equal(result.PersonPays, bars[^1]);
        Assert.Equal(bars[^1], bars[0] - bars[1..^1].Sum());
        Assert.True(bars.Length >= 5, "total, pooled fund, serious illness, assistance, person");
        Assert.Contains(pooled, waterfall);
        Assert.All(Figure()
            .Matches(waterfall), width => Assert.InRange(double.Parse(width.Groups[1].Value, CultureInfo.InvariantCulture), 0, 100));
        Assert.Equal(view.Result.Steps.Count, Regex.Count(page, "<details class=\"step\">"));
        foreach (Step step in view.Result.Steps)
        {
            Assert.Contains(step.Text, page);
            Assert.Contains(step.Citation, page);
            Assert.Contains($"<code>{step.Code}</code>", page);
        }
    }

    [Fact]
    public async Task The_calculator_quotes_each_level_and_place_as_the_operation_does_and_leaves_no_trace()
    {
        long before = (await scene.Silo.Settlement.GetAccountAsync(new GetAccountRequest { Person = ConsoleScene.Person }, Agency()))
            .Sequence;
        using HttpResponseMessage answer = await agency.SubmitAsync(
            "/console/calculator",
            "/console/calculator/results",
            ("person", ConsoleScene.Person), ("in-scope", "20000"), ("level", "_3"), ("place", "Local"), ("admitted", "2026-05-20"),
                ("discharged", "2026-06-01"));
        string page = await answer.Content.ReadAsStringAsync();

        foreach (Facility.Types.Level level in (
            Facility.Types.Level[])[Facility.Types.Level.Primary, Facility.Types.Level._2, Facility.Types.Level._3])
        {
            Claim claim = Requests.Inpatient(2_000_000, "QUOTE", "2026-06-01");
            claim.Facility.Level = level;
            claim.AdmissionDate = "2026-05-20";
            QuoteResponse quote = await scene.Silo.Settlement.QuoteAsync(
                new QuoteRequest { Person = ConsoleScene.Person, Claim = claim }, Agency());
            Assert.Contains(Figures.Yuan(quote.Result.PersonPays), page);
            Assert.Contains(Figures.Yuan(quote.Result.DeductibleStandard), page);
        }

        Assert.Contains("临时外出就医", page);
        Assert.Equal(before, (await scene.Silo.Settlement.GetAccountAsync(new GetAccountRequest { Person = ConsoleScene.Person }, Agency()))
            .Sequence);
    }

    [Fact]
    public async Task A_facility_calculates_with_what_is_registered_of_it_and_compares_only_what_is_not()
    {
        using ConsoleVisitor visitor = await scene.SignedInAsync(scene.RegisteredKey);

        using HttpResponseMessage answer = await visitor.SubmitAsync(
            "/console/calculator", "/console/calculator", ("person", ConsoleScene.Person), ("level", "_3"), ("admitted", "2026-05-20"),
                ("discharged", "2026-06-01"));
        string page = await answer.Content.ReadAsStringAsync();

        Assert.Contains(">二级 · 本地</h2>", page);
        Assert.Contains("<table class=\"waterfall\">", page);
        Assert.DoesNotContain("role=\"alert\"", page);
        Assert.DoesNotContain("换一级医疗机构", page);
    }

    [Theory]
    [InlineData("in-scope", "12.345", "INVALID")]
    [InlineData("discharged", "2026-02-30", "dischargeDate")]
    [InlineData("elsewhere", "11", "facility.division")]
    public async Task What_the_calculator_cannot_quote_is_refused_beside_the_form(string field, string value, string named)
    {
        using HttpResponseMessage answer = await agency.SubmitAsync(
            "/console/calculator", "/console/calculator", ("person", ConsoleScene.Person), ("place", "Temporary"), (field, value));
        string page = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains(named == "INVALID" ? "金额无效" : named, page);
        Assert.Contains("role=\"alert\"", page);
    }

    [Fact]
    public async Task Two_days_of_a_pack_stand_side_by_side_with_what_differs_marked()
    {
        string page = await agency.ReadAsync(
            "/console/policies?region=210500&scheme=Resident&day=2022-10-31&other=210500&other-day=2022-11-01&differences=1");
        string row = page.Split("/console/policies/210500/Resident/pooled.yearly-cap")[1].Split("</tr>")[0];

        Assert.Contains("differs\">60000 元", row);
        Assert.Contains("differs\">80000 元", row);
        ListParametersRequest asked = new() { Region = "210500", On = "2022-10-31" };
        ListParametersResponse left = await Policies().ListParametersAsync(asked, Agency());
        asked.On = "2022-11-01";
        ListParametersResponse right = await Policies().ListParametersAsync(asked, Agency());
        int differing = left.Parameters.Zip(right.Parameters).Count(pair => Said(pair.First) != Said(pair.Second));
        Assert.True(differing > 1);
        Assert.Equal(differing, Regex.Count(page, "<tr class=\"changed\">"));
    }

    [Fact]
    public async Task A_parameter_shows_its_whole_history_with_document_and_section()
    {
        GetParameterResponse parameter = await Policies()
            .GetParameterAsync(new GetParameterRequest { Region = "210500", Parameter = "pooled.yearly-cap" }, Agency());

        string page = await agency.ReadAsync("/console/policies/210500/Resident/pooled.yearly-cap");

        Assert.True(parameter.History.Count > 1);
        foreach (ParameterValue value in parameter.History)
        {
            Assert.Contains(value.From, page);
            Assert.Contains($"{value.Document.Number} {value.Section}", page);
        }
    }

    [Fact]
    public async Task The_check_shows_every_requirement_of_the_province_with_its_verdict()
    {
        LintResponse lint = await Policies().LintAsync(new LintRequest { On = "2026-06-01", Region = Requests.Shenyang }, Agency());

        string page = await agency.ReadTextAsync("/console/lint?region=210100&on=2026-06-01");

        Assert.NotEmpty(lint.Rows);
        Assert.All(lint.Rows, row => Assert.Contains(row.RequirementZh, page));
        Assert.All(lint.Findings, finding => Assert.Contains(finding.Message, page));
    }

    [Fact]
    public async Task A_facilitys_list_is_compared_and_its_differences_come_as_a_table_and_as_a_file()
    {
        SettlementResult own = scene.OwnSettlement;
        const string Page = "/console/reconciliation?from=2026-06-01&to=2026-06-01";
        using HttpResponseMessage details = await facility.GetAsync("/console/reconciliation/details.csv?from=2026-06-01&to=2026-06-01");
        string list = (await details.Content.ReadAsStringAsync()).TrimStart('\uFEFF');
        (string, string)[] days = [("from", "2026-06-01"), ("to", "2026-06-01")];

        using HttpResponseMessage same = await facility.UploadAsync(Page, "/console/reconciliation", "list", list, days);
        using HttpResponseMessage wrong = await facility.UploadAsync(
            Page, "/console/reconciliation", "list", list.Replace($",{own.PersonPays}", $",{own.PersonPays - 7}"), days);
        using HttpResponseMessage file = await facility.UploadAsync(
            Page, "/console/reconciliation", "list", list.Replace($",{own.PersonPays}", $",{own.PersonPays - 7}"),
                [.. days, ("as", "csv")]);
        using HttpResponseMessage noList = await facility.UploadAsync(Page, "/console/reconciliation", "list", "a,b\n1,2\n", days);

        Assert.Equal("attachment", details.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Contains("账目相符：账本 1 笔，机构 1 笔", await same.Content.ReadAsStringAsync());
        string table = await wrong.Content.ReadAsStringAsync();
        Assert.Contains("金额不符", table);
        Assert.Contains(Figures.Yuan(own.PersonPays - 7), table);
        Assert.DoesNotContain(ConsoleScene.Person, table);
        Assert.Contains(
            $"AMOUNT_DIFFERS,{own.SettlementId},r1,0,{ConsoleScene.Person},v-r1,person_pays,{own.PersonPays},{own.PersonPays - 7}",
            await file.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.BadRequest, noList.StatusCode);
        Assert.Contains("column", await noList.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_operations_page_counts_what_happens_while_it_is_looked_at()
    {
        await agency.ReadAsync("/console/operations");
        for (int second = 1; second <= 3; second++)
        {
            scene.Clock.Set($"2026-06-01T12:00:0{second}+08:00");
            await scene.Silo.Settlement.QuoteAsync(
                new QuoteRequest { Person = ConsoleScene.Person, Claim = Requests.Inpatient(1_000_000) }, Agency());
        }

        await scene.Silo.Settlement.SettleAsync(Requests.Settle(ConsoleScene.Person, "r3", Requests.Inpatient(1_000_000)), Agency());
        scene.Clock.Set("2026-06-01T12:00:05+08:00");
        string live = await agency.ReadAsync("/console/operations/live");

        Assert.Contains("最近 4 秒", live);
        Assert.Matches("Settlement/Quote</th><td class=\"number\">3<", live);
        Assert.Matches("Settlement/Settle</th><td class=\"number\">1<", live);
        Assert.Matches("已持久</th><td class=\"number\">[1-9]", live); // other silos of this process count too
        Assert.Contains("<rect x=\"", live);
    }

    [Fact]
    public async Task Whoever_writes_markup_into_a_field_gets_it_back_as_text()
    {
        const string Markup = "<img src=x onerror=alert(1)>";
        using HttpResponseMessage answer = await agency.SubmitAsync(
            "/console/calculator", "/console/calculator", ("person", Markup), ("elsewhere", "\"><script>"));
        string page = await answer.Content.ReadAsStringAsync();

        Assert.DoesNotContain("<img", page);
        Assert.DoesNotContain("\"><script>", page);
    }

    private Metadata Agency() => new() { { "authorization", $"Bearer {scene.AgencyKey}" } };

    private Policies.PoliciesClient Policies() => new(scene.Silo.Channel());

    /// <summary>Where the account page of the person is for a browser.</summary>
    private static async Task<string> AccountAsync(ConsoleVisitor visitor)
    {
        using HttpResponseMessage answer = await visitor.SubmitAsync("/console", "/console/find-person", ("person", ConsoleScene.Person));
        return answer.Headers.Location!.OriginalString;
    }

    private static string Said(GetParameterResponse parameter) =>
        parameter.Value is { } value
            ? $"{value.Unpublished} {string.Join(';', value.Cells.Select(cell => $"{cell.Cell_}={cell.Value}"))}"
            : "";

    private static long Fen(string yuan) => long.Parse(yuan.Replace(",", "").Replace(".", ""), CultureInfo.InvariantCulture);

    [GeneratedRegex("<td class=\"number\">−?([0-9,]+\\.[0-9]{2})</td>")]
    private static partial Regex Amount();

    [GeneratedRegex("(?:x|width|x1|x2)=\"([0-9.]+)%\"")]
    private static partial Regex Figure();
}

using Settlement.Contract;
using Settlement.Gateway.National.Codes;
using Settlement.Gateway.National.Messages;
using Settlement.Gateway.Refusals;
using CostBand = Settlement.Policy.CostBand;
using CounterNames = Settlement.Policy.CounterNames;

namespace Settlement.Cluster.Tests.National;

/// <summary>Every row of every code table of the national interface, and money both ways.</summary>
public sealed class CodeTableTests
{
    [Theory]
    [InlineData("310", Scheme.Types.Kind.Employee)]
    [InlineData("390", Scheme.Types.Kind.Resident)]
    [InlineData("320 330 340 350 360 370 380 391 392 399 410 510", Scheme.Types.Kind.Unspecified)]
    public void Insurance_types(string codes, Scheme.Types.Kind ours) =>
        AssertRows(CodeTables.InsuranceTypes, codes, ours == Scheme.Types.Kind.Unspecified ? null : new Ours<Scheme.Types.Kind>(ours));

    [Theory]
    [InlineData("11", Visit.Types.Type.OutpatientPooling, false, false, false)]
    [InlineData("13", Visit.Types.Type.EmergencyOutpatient, false, true, false)]
    [InlineData("14", Visit.Types.Type.Chronic, false, false, false)]
    [InlineData("21", Visit.Types.Type.Inpatient, true, false, false)]
    [InlineData("23", Visit.Types.Type.Inpatient, true, false, true)]
    [InlineData("24", Visit.Types.Type.Inpatient, true, true, false)]
    [InlineData("51", Visit.Types.Type.Prenatal, false, false, false)]
    [InlineData("52", Visit.Types.Type.Delivery, true, false, false)]
    [InlineData("53", Visit.Types.Type.FamilyPlanning, true, false, false)]
    [InlineData("12 19 22 41 91 92 93 99", Visit.Types.Type.Unspecified, false, false, false)]
    public void Medical_types(string codes, Visit.Types.Type ours, bool inpatient, bool emergency, bool referral) =>
        AssertRows(CodeTables.MedicalTypes, codes, ours == Visit.Types.Type.Unspecified
            ? null
            : new MedicalType(ours, inpatient, emergency, referral));

    [Theory]
    [InlineData("01", FeeLine.Types.Class.A)]
    [InlineData("02", FeeLine.Types.Class.B)]
    [InlineData("03", FeeLine.Types.Class.C)]
    public void Classes_of_fee_lines(string code, FeeLine.Types.Class ours) =>
        AssertRows(CodeTables.LineClasses, code, new Ours<FeeLine.Types.Class>(ours));

    [Theory]
    [InlineData("11", Clearing.Types.Type.Outpatient)]
    [InlineData("21", Clearing.Types.Type.Inpatient)]
    [InlineData("41 99", Clearing.Types.Type.Unspecified)]
    public void Clearing_types(string codes, Clearing.Types.Type ours) =>
        AssertRows(CodeTables.ClearingTypes, codes, ours == Clearing.Types.Type.Unspecified ? null : new Ours<Clearing.Types.Type>(ours));

    [Theory]
    [InlineData("01 02 03", true)]
    public void Certificates(string codes, bool read) => AssertReadable(CodeTables.Certificates, codes, read);

    [Theory]
    [InlineData("01", true)]
    [InlineData("02", false)]
    public void Ways_of_settling(string codes, bool read) => AssertReadable(CodeTables.SettlementWays, codes, read);

    [Fact]
    public void Funds_are_one_row_for_each_scheme_and_payer() => Assert.Equal(
        [
            "Employee Pooled 310100", "Employee SeriousIllness 330100", "Employee Assistance 610100",
            "Resident Pooled 390100", "Resident SeriousIllness 390200", "Resident Assistance 610100",
        ],
        CodeTables.Funds.Select(fund => $"{fund.Scheme} {fund.Fund} {fund.Code}"));

    [Fact]
    public void Accumulators_name_counters_that_there_are()
    {
        string[] counters = [.. CodeTables.Cumulative.SelectMany(type => type.Counters)];
        Assert.All(counters, name => Assert.True(CounterNames.TryParse(name, out _), name));
        Assert.Equal(counters.Length, counters.Distinct().Count());
        Assert.Equal(
            ["C0000_BIZ21", "Q0000_BIZ11", "D390101", "D390201", "TS390201", "D610101"], CodeTables.Cumulative.Select(type => type.Code));
    }

    [Fact]
    public void Every_cost_band_has_its_term() =>
        Assert.Equal(Settlement.Policy.Names.All<CostBand>().Order(), CodeTables.Bands.Keys.Order());

    [Fact]
    public void An_unknown_code_is_refused_with_the_ones_there_are()
    {
        RefusalException refused = Assert.Throws<RefusalException>(() => CodeTables.MedicalTypes.Read("message.input.data.med_type", "77"));
        Assert.Equal(
            ("INVALID_FIELD", "message.input.data.med_type", "77"),
            (refused.Refusal.Code, refused.Refusal.Details["field"], refused.Refusal.Details["value"]));
        Assert.Contains("21 普通住院", refused.Refusal.MessageZh);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1234.5", 123450)]
    [InlineData("1234.56", 123456)]
    [InlineData("0.01", 1)]
    [InlineData("12.3000", 1230)]
    [InlineData("99999999999999.99", 9999999999999999)]
    public void Yuan_are_read_exactly(string text, long fen)
    {
        Assert.True(Yuan.TryParse(text, out long read));
        Assert.Equal(fen, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".5")]
    [InlineData("1.")]
    [InlineData("-1.00")]
    [InlineData("1e3")]
    [InlineData("1,000.00")]
    [InlineData("0.001")]
    [InlineData("１.00")]
    [InlineData("100000000000000000000")]
    public void What_is_no_amount_to_the_fen_is_not_read(string text) => Assert.False(Yuan.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0.00")]
    [InlineData(5, "0.05")]
    [InlineData(123450, "1234.50")]
    [InlineData(-184000, "-1840.00")]
    public void Yuan_are_written_with_two_decimals(long fen, string text) => Assert.Equal(text, Yuan.Text(fen));

    private static void AssertRows<T>(CodeTable<T> table, string codes, T? ours)
        where T : class
    {
        foreach (string code in codes.Split(' ')) Assert.Equal(ours, table.Rows.Single(row => row.Code == code).Ours);
        AssertReadable(table, codes, ours is not null);
        // Every row stands in exactly one line of these tests, because a row that none names fails here.
        string[] named = typeof(CodeTableTests).GetMethods().SelectMany(method => method.GetCustomAttributesData())
            .Where(data => data.AttributeType == typeof(InlineDataAttribute))
            .Select(data => ((IReadOnlyList<System.Reflection.CustomAttributeTypedArgument>)data.ConstructorArguments[0].Value!)[0]
                .Value as string ?? "")
            .SelectMany(text => text.Split(' ')).ToArray();
        Assert.Empty(table.Rows.Select(row => row.Code).Except(named));
    }

    private static void AssertReadable<T>(CodeTable<T> table, string codes, bool readable)
        where T : class
    {
        foreach (string code in codes.Split(' '))
        {
            if (readable) Assert.NotNull(table.Read("field", code));
            else Assert.Equal("UNSUPPORTED_CODE", Assert.Throws<RefusalException>(() => table.Read("field", code)).Refusal.Code);
        }
    }
}

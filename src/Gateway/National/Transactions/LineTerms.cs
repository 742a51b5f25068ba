using System.Globalization;
using Settlement.Catalogues;
using Settlement.Contract;
using Settlement.Gateway.Catalogues;
using Settlement.Gateway.National.Codes;
using Settlement.Gateway.National.Messages;
using Settlement.Gateway.Refusals;
using Settlement.Gateway.Validation;
using Settlement.Refusals;
using Clas = Settlement.Contract.FeeLine.Types.Class;

namespace Settlement.Gateway.National.Transactions;

/// <summary>
/// Class, self-pay share and price limit of fee lines. What a line states must be what the catalogue says of its code; what it leaves out
/// is filled in. Of a code that the catalogue does not have, the line's own terms count, if they are whole.
/// </summary>
internal sealed class LineTerms(CatalogueSnapshot snapshot)
{
    /// <summary>Decimals of a count.</summary>
    public const int CountDecimals = 4;

    /// <summary>Decimals of a price.</summary>
    public const int PriceDecimals = 6;

    /// <summary>The whole in basis points.</summary>
    public const int WholeBp = 10_000;

    /// <summary>医院审批不通过: the person pays the line, whatever it is.</summary>
    public const string SelfFunded = "2";

    private const int RatioDecimals = 4;

    /// <summary>What a row states of its class and share. A share counts in class B only, and is not read of a row of another.</summary>
    public static StatedTerms Stated(Fields row)
    {
        StatedTerms stated = new();
        string level = row.TextOrEmpty("chrgitm_lv");
        if (level.Length > 0) stated.Class = CodeTables.LineClasses.Read(row.Name("chrgitm_lv"), level).Value;
        if (stated.Class is Clas.Unspecified or Clas.B && row.NumberOrNull("selfpay_prop", RatioDecimals) is { } ratio)
        {
            stated.SelfPayBp = ratio <= 1m
                ? (int)(ratio * WholeBp)
                : throw Check.Invalid(row.Name("selfpay_prop"), $"{ratio}", "a ratio from 0 to 1", "应为0至1的比例");
        }

        return stated;
    }

    /// <summary>Whether the catalogue must be asked before a line can be divided.</summary>
    public static bool AreOpen(StatedTerms stated) =>
        stated.Class == Clas.Unspecified || (stated.Class == Clas.B && !stated.HasSelfPayBp);

    /// <summary>Fills in what the lines of a message leave out, all by the catalogue as it is at one moment.</summary>
    /// <param name="rows">The rows of the message.</param>
    /// <param name="report">The report of them, line by line.</param>
    /// <param name="region">The pooling region whose rules apply.</param>
    /// <exception cref="RefusalException">CATALOGUE_EMPTY, CATALOGUE_CODE_UNKNOWN, CATALOGUE_NOT_IN_FORCE, CATALOGUE_SHARE_MISSING,
    /// CATALOGUE_CONTRADICTED, CATALOGUE_UNAVAILABLE, INVALID_FIELD. What was filled in before stays in the report.</exception>
    public async Task Complete(List<Fields> rows, VisitReport report, string region)
    {
        MedicalCatalogue catalogue = await snapshot.GetAsync();
        int newest = catalogue.Newest;
        for (int i = 0; i < rows.Count; i++)
        {
            // What the hospital did not approve is the person's, whatever it is.
            if (rows[i].TextOrEmpty("hosp_appr_flag") != SelfFunded) Complete(rows[i], report.Charges[i], catalogue, region, newest);
        }
    }

    private static void Complete(Fields row, VisitCharge charge, MedicalCatalogue catalogue, string region, int newest)
    {
        FeeLine line = charge.Line;
        if (!catalogue.Knows(line.Code, newest))
        {
            if (charge.Stated is not { } open) return; // the facility's own word, where the catalogue has none
            string left = row.Name(open.Class == Clas.Unspecified ? "chrgitm_lv" : "selfpay_prop");
            throw newest == 0 ? Empty(left) : Unknown(row.Name("med_list_codg"), line.Code, left);
        }

        string day = row.Day("fee_ocur_time");
        CatalogueFinding found = catalogue.Find(line.Code, IsoDay.Parse(day), region, newest);
        CatalogueValue clas = found.Class ?? throw NotInForce(row.Name("fee_ocur_time"), day, line.Code);
        CatalogueSource source = new() { Day = day, Region = region, Newest = newest };
        StatedTerms stated = charge.Stated ?? Of(row, line);
        if (stated.Class == Clas.Unspecified) (line.Class, source.ClassVersion) = ((Clas)clas.Value, clas.Version);
        else if ((long)stated.Class != clas.Value)
            throw Contradicted(row.Name("chrgitm_lv"), CodeOf(stated.Class), CodeOf((Clas)clas.Value), clas.Version);
        if (line.Class == Clas.B) SetShare(row, line, stated, found.Share, source);
        if (found.Limit is { } limit) SetLimit(row, line, stated, limit, source);
        if (source.ClassVersion + source.ShareVersion + source.LimitVersion > 0) (charge.Stated, charge.Catalogue) = (stated, source);
    }

    private static StatedTerms Of(Fields row, FeeLine line)
    {
        StatedTerms stated = Stated(row);
        if (line.HasLimit) stated.Limit = line.Limit;
        return stated;
    }

    private static void SetShare(Fields row, FeeLine line, StatedTerms stated, CatalogueValue? share, CatalogueSource source)
    {
        if (stated.HasSelfPayBp)
        {
            if (share is { } known && known.Value != stated.SelfPayBp)
                throw Contradicted(row.Name("selfpay_prop"), Ratio(stated.SelfPayBp), Ratio(known.Value), known.Version);
            line.SelfPayBp = stated.SelfPayBp;
            return;
        }

        CatalogueValue found = share ?? throw ShareMissing(row.Name("selfpay_prop"), line.Code, source);
        (line.SelfPayBp, source.ShareVersion) = ((int)found.Value, found.Version);
    }

    /// <summary>A line that stands for its whole count has the limit of the whole count.</summary>
    private static void SetLimit(Fields row, FeeLine line, StatedTerms stated, CatalogueValue limit, CatalogueSource source)
    {
        if (row.NumberOrNull("pric_uplmt_amt", PriceDecimals) is { } own)
        {
            if (own * 100m != limit.Value) throw Contradicted(row.Name("pric_uplmt_amt"), $"{own}", Yuan.Text(limit.Value), limit.Version);
            return;
        }

        decimal count = row.NumberOrNull("cnt", CountDecimals)!.Value;
        line.Limit = line.Quantity == count
            ? limit.Value
            : (long)decimal.Round(limit.Value * count, MidpointRounding.AwayFromZero);
        (source.LimitVersion, source.Limit) = (limit.Version, limit.Value);
    }

    private static string CodeOf(Clas clas) => CodeTables.LineClasses.Rows.Single(row => row.Ours!.Value == clas).Code;

    private static string Ratio(long bp) => (bp / (decimal)WholeBp).ToString(CultureInfo.InvariantCulture);

    private static RefusalException Empty(string left) => new(new RefusalInfo(
        RefusalCodes.CatalogueEmpty,
        $"{left} is missing, and no catalogue was imported from which it could be taken.",
        $"缺少字段 {left}，且经办机构尚未导入医保目录。",
        new Dictionary<string, string> { ["field"] = left }));

    private static RefusalException Unknown(string field, string code, string left) => new(new RefusalInfo(
        RefusalCodes.CatalogueCodeUnknown,
        $"{field} is '{code}', which the catalogue does not have; {left} is missing.",
        $"字段 {field} 的值“{code}”不在医保目录中，且缺少字段 {left}。",
        new Dictionary<string, string> { ["field"] = field, ["value"] = code, ["missing"] = left }));

    private static RefusalException NotInForce(string field, string day, string code) => new(new RefusalInfo(
        RefusalCodes.CatalogueNotInForce,
        $"{field} is '{day}': the catalogue has no entry for '{code}' in force on that day.",
        $"字段 {field} 的值“{day}”：目录编码“{code}”当日没有有效的目录记录。",
        new Dictionary<string, string> { ["field"] = field, ["value"] = day, ["code"] = code }));

    private static RefusalException ShareMissing(string field, string code, CatalogueSource source) => new(new RefusalInfo(
        RefusalCodes.CatalogueShareMissing,
        $"{field} is missing, and the catalogue has no share for '{code}' in region {source.Region} or its province on {source.Day}.",
        $"缺少字段 {field}，且目录编码“{code}”在统筹区{source.Region}及所在省{source.Day}没有先自付比例。",
        new Dictionary<string, string> { ["field"] = field, ["code"] = code, ["region"] = source.Region, ["day"] = source.Day }));

    private static RefusalException Contradicted(string field, string told, string known, int version) => new(new RefusalInfo(
        RefusalCodes.CatalogueContradicted,
        $"{field} is '{told}', but the catalogue says '{known}' (version {version}).",
        $"字段 {field} 的值“{told}”与医保目录的“{known}”（版本{version}）不一致。",
        new Dictionary<string, string>
        {
            ["field"] = field,
            ["value"] = told,
            ["expected"] = known,
            ["version"] = version.ToString(CultureInfo.InvariantCulture),
        }));
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using Settlement.Contract;
using Settlement.Gateway.National.Codes;
using Settlement.Gateway.National.Messages;
using Type = Settlement.Contract.Visit.Types.Type;

namespace Settlement.Gateway.National.Transactions;

/// <summary>What an answer gives back as it came.</summary>
/// <param name="CertificateType">就诊凭证类型.</param>
/// <param name="MedicalType">医疗类别; empty: the national code of the visit type.</param>
internal readonly record struct SettlementEcho(string CertificateType, string MedicalType);

/// <summary>
/// <c>setlinfo</c> and <c>setldetail</c> of an answer. Of a person only what the settlement rests on is known here: names, documents,
/// sex and age are empty. Funds
/// that pay nothing under the rules are zero, and so is the personal account, which is not kept here.
/// </summary>
internal static class SettlementInfo
{
    private const int MaxProcess = 4000;

    /// <summary>Writes both nodes.</summary>
    public static void Write(Utf8JsonWriter json, SettlementResult result, Claim claim, SettlementEcho echo)
    {
        Shares shares = new(result);
        json.WriteStartObject("setlinfo");
        json.WriteString("mdtrt_id", result.VisitId);
        json.WriteString("setl_id", result.SettlementId);
        json.WriteString("psn_no", result.Person);
        foreach (string unknown in (ReadOnlySpan<string>)["psn_name", "psn_cert_type", "certno", "gend", "naty", "brdy", "age"])
            json.WriteString(unknown, "");
        json.WriteString("insutype", CodeTables.InsuranceTypes.Rows.Single(row => row.Ours?.Value == claim.Scheme).Code);
        json.WriteString("psn_type", "");
        json.WriteString("cvlserv_flag", "0");
        json.WriteString("setl_time", Time(result.SettledAt));
        json.WriteString("mdtrt_cert_type", echo.CertificateType);
        json.WriteString("med_type", echo.MedicalType.Length > 0 ? echo.MedicalType : MedicalType(claim));
        json.WriteFen("medfee_sumamt", result.Totals.Total);
        json.WriteFen("fulamt_ownpay_amt", result.Totals.SelfFunded);
        json.WriteFen("overlmt_selfpay", result.Totals.OverLimit);
        json.WriteFen("preselfpay_amt", result.Totals.PreSelfPay);
        json.WriteFen("inscp_scp_amt", result.Totals.InScope);
        json.WriteFen("act_pay_dedc", result.DeductiblePaid);
        json.WriteFen("hifp_pay", shares.Pooled);
        json.WriteRatio("pool_prop_selfpay", PooledRatio(result));
        json.WriteFen("cvlserv_pay", 0);
        json.WriteFen("hifes_pay", 0);
        json.WriteFen("hifmi_pay", claim.Scheme == Scheme.Types.Kind.Resident ? shares.SeriousIllness : 0);
        json.WriteFen("hifob_pay", claim.Scheme == Scheme.Types.Kind.Employee ? shares.SeriousIllness : 0);
        json.WriteFen("maf_pay", shares.Assistance);
        json.WriteFen("hifdm_pay", 0);
        json.WriteFen("oth_pay", 0);
        json.WriteFen("fund_pay_sumamt", shares.Funds);
        json.WriteFen("psn_part_amt", result.PersonPays);
        json.WriteFen("acct_pay", 0);
        json.WriteFen("psn_cash_pay", result.PersonPays);
        json.WriteFen("hosp_part_amt", 0);
        json.WriteFen("balc", 0);
        json.WriteFen("acct_mulaid_pay", 0);
        json.WriteString("medins_setl_id", result.RequestId);
        json.WriteString("clr_optins", claim.Region);
        json.WriteString("clr_way", "1"); // 按项目
        json.WriteString("clr_type", ClearingType(claim.VisitType));
        json.WriteEndObject();
        WriteDetail(json, result, claim, shares);
    }

    /// <summary>清算类别 of a visit type.</summary>
    private static string ClearingType(Type type)
    {
        Clearing.Types.Type ours = type is Type.Inpatient or Type.Delivery or Type.FamilyPlanning
            ? Clearing.Types.Type.Inpatient
            : Clearing.Types.Type.Outpatient;
        return CodeTables.ClearingTypes.Rows.Single(row => row.Ours?.Value == ours).Code;
    }

    /// <summary>
    /// One row for each fund that pays. The cap that was left (<c>crt_payb_lmt_amt</c>) is not told: several caps bear on one payment,
    /// and the steps name them.
    /// </summary>
    private static void WriteDetail(Utf8JsonWriter json, SettlementResult result, Claim claim, in Shares shares)
    {
        string process = Process(result);
        json.WriteStartArray("setldetail");
        foreach (FundType fund in CodeTables.Funds.Where(fund => fund.Scheme == claim.Scheme))
        {
            long paid = shares.Of(fund.Fund);
            if (paid == 0) continue;
            json.WriteStartObject();
            json.WriteString("fund_pay_type", fund.Code);
            json.WriteString("fund_pay_type_name", fund.Name);
            json.WriteFen("inscp_scp_amt", result.Totals.InScope);
            json.WriteNull("crt_payb_lmt_amt");
            json.WriteFen("fund_payamt", paid);
            json.WriteString("setl_proc_info", process);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>
    /// How the total divides, band by band: what a cashier can read out, and the rows sum to the total. <c>GetSettlement</c> with a
    /// language gives every step as
    /// a sentence with its source.
    /// </summary>
    private static string Process(SettlementResult result)
    {
        StringBuilder text = new();
        foreach (MatrixRow row in result.Matrix)
        {
            if (text.Length > 0) text.Append('；');
            text.Append(CodeTables.Bands[row.Band]).Append(Yuan.Text(row.Amount)).Append('元');
            if (row.RatioBp > 0) text.Append(CultureInfo.InvariantCulture, $"（{row.RatioBp / 100}.{row.RatioBp % 100:00}%）");
            text.Append('：');
            Share("统筹", row.Pooled);
            Share("大病", row.SeriousIllness);
            Share("救助", row.AssistanceBasic + row.AssistanceTilt + row.AssistanceOutpatient + row.AssistanceOther);
            text.Append("个人").Append(Yuan.Text(row.Person));
        }

        return text.Length <= MaxProcess ? text.ToString() : text.ToString(0, MaxProcess);

        void Share(string payer, long amount)
        {
            if (amount > 0) text.Append(payer).Append(Yuan.Text(amount)).Append('，');
        }
    }

    /// <summary>The pooled fund's ratio in the band it paid most of: a settlement may touch several.</summary>
    private static int PooledRatio(SettlementResult result) =>
        result.Matrix.Where(row => row.Pooled > 0).MaxBy(row => row.Pooled)?.RatioBp ?? 0;

    private static string MedicalType(Claim claim) =>
        CodeTables.MedicalTypes.Rows.FirstOrDefault(row => row.Ours is { } ours
            && (ours.Visit, ours.Emergency, ours.Referral) == (claim.VisitType, claim.Emergency, claim.Referral))?.Code ?? "";

    private static string Time(string settledAt) => settledAt.Length == 0 ? "" : $"{settledAt[..10]} {settledAt[11..19]}";

    private readonly record struct Shares(long Pooled, long SeriousIllness, long Assistance)
    {
        public Shares(SettlementResult result)
            : this(result.Pooled, result.SeriousIllness,
                result.AssistanceBasic + result.AssistanceTilt + result.AssistanceOutpatient + result.AssistanceOther)
        {
        }

        public long Funds => Pooled + SeriousIllness + Assistance;

        public long Of(Fund fund) => fund switch { Fund.Pooled => Pooled, Fund.SeriousIllness => SeriousIllness, _ => Assistance };
    }
}

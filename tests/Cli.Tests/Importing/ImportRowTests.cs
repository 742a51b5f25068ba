using Google.Protobuf;
using Settlement.Cli.Importing;
using Settlement.Contract;

namespace Settlement.Cli.Tests.Importing;

/// <summary>A row and the request it becomes, or why it becomes none.</summary>
public sealed class ImportRowTests
{
    private const string P = "210102196203180115";
    private const string Persons = "psn_no,brdy,insuplc_admdvs,psn_type,begntime";
    private const string Contributions = "psn_no,insuplc_admdvs,year,paid_on";
    private const string Categories = "psn_no,insuplc_admdvs,psn_idet_type,psn_type,begntime,endtime";
    private const string Codes = "med_list_codg,name,chrgitm_lv,begndate,enddate,correction,withdrawn";
    private const string Shares = "med_list_codg,insuplc_admdvs,selfpay_prop,begndate,enddate";
    private const string Limits = "med_list_codg,insuplc_admdvs,pric_uplmt_amt,begndate,enddate";
    private const string Filings = "psn_no,insuplc_admdvs,filing,place,basis,filed_on,issued_on,expires_on,ended_on";

    [Theory]
    [InlineData("persons", Persons, P + ",1962-03-18,210100,,", """{"birthDate":"1962-03-18"}""")]
    [InlineData("persons", Persons, P + ",1962/3/18,210100,STUDENT,20240901",
        """{"birthDate":"1962-03-18","facts":[{"insured":{"from":"2024-09-01","category":"STUDENT"}}]}""")]
    [InlineData("contributions", Contributions, P + ",210100,2026,2025-11-05", """{"facts":[{"contribution":{"year":2026,"paidOn":"2025-11-05"}}]}""")]
    [InlineData("contributions", "paid_on,year,psn_no,insuplc_admdvs", " 2025/11/5 ,2026, " + P + ",210100",
        """{"facts":[{"contribution":{"year":2026,"paidOn":"2025-11-05"}}]}""")]
    [InlineData("categories", Categories, P + ",210100,MINIMUM_LIVING_ALLOWANCE,,2025-01-01,",
        """{"facts":[{"group":{"group":"MINIMUM_LIVING_ALLOWANCE","from":"2025-01-01"}}]}""")]
    [InlineData("categories", Categories, P + ",210100,低保对象,,2025-01-01,2025-12-31",
        """{"facts":[{"group":{"group":"MINIMUM_LIVING_ALLOWANCE","from":"2025-01-01","to":"2025-12-31"}}]}""")]
    [InlineData("categories", Categories, P + ",210100,低保对象,,,2025-12-31",
        """{"facts":[{"groupEnd":{"group":"MINIMUM_LIVING_ALLOWANCE","to":"2025-12-31"}}]}""")]
    [InlineData("categories", "人员编号,统筹区,人员类别,开始日期", P + ",210100,大学生,2025-09-01",
        """{"facts":[{"insured":{"from":"2025-09-01","category":"UNIVERSITY_STUDENT"}}]}""")]
    [InlineData("filings", Filings, P + ",210100,F-1,110105,居住证,2025-02-10,2024-12-01,2029-11-30,",
        """{"facts":[{"filing":{"id":"F-1","place":"110105","basis":"RESIDENCE_PERMIT","filedOn":"2025-02-10","issuedOn":"2024-12-01","expiresOn":"2029-11-30"}}]}""")]
    [InlineData("filings", Filings, P + ",210100,F-1,,,,,,2025-09-01", """{"facts":[{"filingEnd":{"filing":"F-1","date":"2025-09-01"}}]}""")]
    [InlineData("filings", Filings, P + ",210100,F-1,110105,GUARDIAN,2025-02-10,,,2025-09-01",
        """{"facts":[{"filing":{"id":"F-1","place":"110105","basis":"GUARDIAN","filedOn":"2025-02-10"}},{"filingEnd":{"filing":"F-1","date":"2025-09-01"}}]}""")]
    public void A_row_becomes_a_request(string kind, string head, string row, string expected)
    {
        IMessage sent = Request(kind, head, row).Message;
        if (sent is RegisterRequest register)
        {
            Assert.Equal((P, "210100"), (register.Person, register.Region));
            (register.Person, register.Region, register.RequestId) = ("", "", "");
            Assert.Equal(JsonParser.Default.Parse<RegisterRequest>(expected), register);
            return;
        }

        RecordRequest record = Assert.IsType<RecordRequest>(sent);
        Assert.Equal((P, "210100"), (record.Person, record.Region));
        (record.Person, record.Region, record.RequestId) = ("", "", "");
        Assert.Equal(JsonParser.Default.Parse<RecordRequest>(expected), record);
    }

    [Theory]
    [InlineData("persons", Persons, ",1962-03-18,210100,,", "psn_no", "psn_no is missing.")]
    [InlineData(
        "persons", Persons, "210102196203180116,1962-03-18,210100,,", "psn_no",
        "psn_no is '****16': expected the person id has 18 characters")]
    [InlineData("persons", Persons, "2.10102E+17,1962-03-18,210100,,", "psn_no", "a character other than letters")]
    [InlineData("persons", Persons, P
        + ",1962-03-19,210100,,", "brdy", "brdy is '****': expected the birth date inside the citizen identity number.")]
    [InlineData("persons", Persons, P + ",1962-02-30,210100,,", "brdy", "brdy is '****': expected a calendar day")]
    [InlineData("persons", Persons, P + ",,210100,,", "brdy", "brdy is missing.")]
    [InlineData("persons", Persons, P
        + ",1962-03-18,2101,,", "insuplc_admdvs", "insuplc_admdvs is '2101': expected a division code of six digits.")]
    [InlineData("persons", Persons, P + ",1962-03-18,,,", "insuplc_admdvs", "insuplc_admdvs is missing.")]
    [InlineData("persons", Persons, P + ",1962-03-18,210100,ADULT,", "begntime", "begntime is missing.")]
    [InlineData("persons", Persons, P + ",1962-03-18,210100,,2024-01-01", "psn_type", "psn_type is missing.")]
    [InlineData("persons", Persons, P
        + ",1962-03-18,210100,农民,2024-01-01", "psn_type", "psn_type is '农民': expected one of ADULT 成年居民, MINOR")]
    [InlineData("contributions", Contributions, P + ",210100,26,2025-11-05", "year", "year is '26': expected a year of four digits.")]
    [InlineData("contributions", Contributions, P
        + ",210100,2026,05.11.2025", "paid_on", "paid_on is '05.11.2025': expected a calendar day as YYYY-MM-DD")]
    [InlineData("categories", Categories, P
        + ",210100,ORPHAN,ADULT,2025-01-01,", "psn_type", "expected nothing in a row that has psn_idet_type.")]
    [InlineData("categories", Categories, P + ",210100,,,2025-01-01,", "psn_idet_type", "neither psn_idet_type nor psn_type is given.")]
    [InlineData("categories", Categories, P
        + ",210100,ORPHAN,,2025-01-02,2025-01-01", "endtime", "expected a day not before begntime (2025-01-02).")]
    [InlineData("categories", Categories, P + ",210100,,ADULT,2025-01-01,2025-12-31", "endtime", "holds until the next one begins")]
    [InlineData("filings", Filings, P + ",210100,,110105,GUARDIAN,2025-02-10,,,", "filing", "filing is missing.")]
    [InlineData("filings", Filings, P + ",210100,备案1,110105,GUARDIAN,2025-02-10,,,", "filing", "at most 30 printable ASCII characters")]
    [InlineData("filings", Filings, P + ",210100,F-1,北京,GUARDIAN,2025-02-10,,,", "place", "place is '北京': expected a division code")]
    [InlineData("filings", Filings, P + ",210100,F-1,110105,,,,,2025-09-01", "basis", "basis is missing.")]
    [InlineData("filings", Filings, P + ",210100,F-1,,,,,,", "place", "place is missing.")]
    public void A_row_that_breaks_a_rule_is_refused_by_column(string kind, string head, string row, string column, string message)
    {
        RowFault fault = Assert.Throws<RowRefusedException>(() => Request(kind, head, row)).Fault;
        Assert.Equal(("INVALID_FIELD", column), (fault.Code, fault.Field));
        Assert.Contains(message, fault.Message.En);
        Assert.Contains(column, fault.Message.Zh);
        Assert.DoesNotContain(P, fault.Message.En + fault.Message.Zh);
    }

    [Theory]
    [InlineData("catalogue", Codes, "C-1,药品,2,2026/1/1,,,",
        """{"code":"C-1","from":"2026-01-01","entry":{"name":"药品","class":"B"}}""")]
    [InlineData("catalogue", Codes, "C-1,药品,丙类,20260101,2026-06-30,录入错误,1",
        """{"code":"C-1","from":"2026-01-01","to":"2026-06-30","correction":"录入错误","withdrawn":true,"entry":{"name":"药品","class":"C"}}""")]
    [InlineData("catalogue-shares", Shares, "C-1,210000,0.125,2026-01-01,",
        """{"code":"C-1","from":"2026-01-01","share":{"region":"210000","selfPayBp":1250}}""")]
    [InlineData("catalogue-limits", Limits, "C-1,210100,32.5,2026-01-01,2026-12-31",
        """{"code":"C-1","from":"2026-01-01","to":"2026-12-31","limit":{"region":"210100","limit":"3250"}}""")]
    public void A_row_of_the_catalogue_becomes_a_version(string kind, string head, string row, string expected)
    {
        ImportRequest request = Request(kind, head, row);
        Assert.Equal(JsonParser.Default.Parse<CatalogueRow>(expected), Assert.IsType<RecordCatalogueRowRequest>(request.Message).Row);
        Assert.Equal(("", "C-1"), (request.Person, request.Subject));
    }

    [Theory]
    [InlineData("catalogue", Codes, ",药品,02,2026-01-01,,,", "med_list_codg", "med_list_codg is missing.")]
    [InlineData("catalogue", Codes, "C-1,药品,04,2026-01-01,,,", "chrgitm_lv", "chrgitm_lv is '04': expected 01 甲, 02 乙 or 03 丙.")]
    [InlineData("catalogue", Codes, "C-1,药品,02,2026-01-02,2026-01-01,,", "enddate", "expected a day not before begndate (2026-01-02).")]
    [InlineData("catalogue", Codes, "C-1,药品,02,2026-01-01,,,1", "correction", "correction is missing.")]
    [InlineData("catalogue", Codes, "C-1,药品,02,2026-01-01,,错,是", "withdrawn", "withdrawn is '是': expected 0 or 1.")]
    [InlineData("catalogue-shares", Shares, "C-1,210000,10,2026-01-01,", "selfpay_prop", "expected a number from 0 to 1 with at most 4 decimals.")]
    [InlineData("catalogue-shares", Shares, "C-1,2100,0.1,2026-01-01,", "insuplc_admdvs", "expected a division code of six digits.")]
    [InlineData("catalogue-limits", Limits, "C-1,210100,1.005,2026-01-01,", "pric_uplmt_amt", "with at most 2 decimals.")]
    [InlineData("catalogue-limits", Limits, "C-1,210100,-1,2026-01-01,", "pric_uplmt_amt", "pric_uplmt_amt is '-1': expected a number from 0")]
    public void A_row_of_the_catalogue_that_breaks_a_rule_is_refused_by_column(
        string kind, string head, string row, string column, string message)
    {
        RowFault fault = Assert.Throws<RowRefusedException>(() => Request(kind, head, row)).Fault;
        Assert.Equal(("INVALID_FIELD", column), (fault.Code, fault.Field));
        Assert.Contains(message, fault.Message.En);
        Assert.Contains(column, fault.Message.Zh);
    }

    [Fact]
    public void A_region_beside_the_file_is_that_of_rows_which_name_none()
    {
        Assert.Equal(
            Request("contributions", Contributions, P + ",210100,2026,2025-11-05").Id,
            Request("contributions", "psn_no,year,paid_on", P + ",2026,2025-11-05", region: "210100").Id);
        Assert.NotEqual(
            Request("contributions", Contributions, P + ",210100,2026,2025-11-05").Id,
            Request("contributions", Contributions, P + ",210500,2026,2025-11-05", region: "210100").Id);
    }

    // The literal ids are what earlier imports left in ledgers: another program must make the same, or their files are recorded twice.
    [Theory]
    [InlineData("import-500936c78c32985f8fe259e", "persons", Persons, P + ",1962-03-18,210100,ADULT,2024-01-01")]
    [InlineData("import-500936c78c32985f8fe259e", "persons", "开始时间,人员类别,参保地区划,身份证号,出生日期", "2024/1/1,成年居民,210100," + P + ",19620318")]
    [InlineData("import-602f2a3241078bbe7b5a733", "contributions", Contributions, P + ",210100,2026,2025-11-05")]
    public void The_request_id_is_of_what_a_row_says_and_not_of_how(string id, string kind, string head, string row) =>
        Assert.Equal(id, Request(kind, head, row).Id);

    [Theory]
    [InlineData("persons", Persons, P + ",1962-03-18,210100,,", P + ",1962-03-18,210100,ADULT,2024-01-01")]
    [InlineData("contributions", Contributions, P + ",210100,2026,2025-11-05", P + ",210100,2026,2025-11-06")]
    [InlineData("contributions", Contributions, P + ",210100,2026,2025-11-05", P + ",210100,2025,2025-11-05")]
    [InlineData("categories", Categories, P + ",210100,ORPHAN,,2025-01-01,", P + ",210100,ORPHAN,,2025-01-01,2025-06-30")]
    [InlineData("filings", Filings, P + ",210100,F-1,,,,,,2025-09-01", P + ",210100,F-2,,,,,,2025-09-01")]
    public void A_row_that_says_something_else_is_another_request(string kind, string head, string row, string other) =>
        Assert.NotEqual(Request(kind, head, row).Id, Request(kind, head, other).Id);

    private static ImportRequest Request(string kind, string head, string row, string region = "")
    {
        ImportKind found = ImportKind.All.Single(each => each.Name == kind);
        return found.Request(new ImportRow(ImportHead.Read(found, head.Split(','), region.Length > 0), row.Split(','), region));
    }
}

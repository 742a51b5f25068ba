using System.Globalization;
using System.Text.Json;
using Settlement.Contract;
using Settlement.Gateway.National.Codes;
using Settlement.Gateway.National.Messages;
using Settlement.Gateway.Operations;
using Settlement.Gateway.Validation;

namespace Settlement.Gateway.National.Transactions;

/// <summary>5206 人员累计信息查询, and the 签到 and 签退 around a counter's day.</summary>
internal sealed class AccountTransactions(SettlementOperations settlements, TimeProvider time)
{
    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    /// <summary>5206: the yearly counters that have a national code, as of now; 累计年月 chooses the year.</summary>
    public async Task<TransactionAnswer> Accumulators(NationalRequest request)
    {
        Fields data = request.Input.Object("data");
        string month = data.TextOrEmpty("cum_ym");
        int year = month.Length == 0 ? 0 : Year(data, month);
        GetAccountResponse account = await settlements.GetAccount(new GetAccountRequest { Person = data.Person() }, request.Caller);
        return new TransactionAnswer(json => Write(json, account, year));
    }

    /// <summary>9001 签到. Keys say who calls, so the number is given for the client's sake and is asked for nowhere.</summary>
    public Task<TransactionAnswer> SignIn(NationalRequest request)
    {
        string moment = Now();
        return Task.FromResult(new TransactionAnswer(json =>
        {
            json.WriteStartObject("signinoutb");
            json.WriteString("sign_time", moment);
            json.WriteString("sign_no", request.MessageId);
            json.WriteEndObject();
        }));
    }

    /// <summary>9002 签退.</summary>
    public Task<TransactionAnswer> SignOut(NationalRequest request)
    {
        string moment = Now();
        return Task.FromResult(new TransactionAnswer(json =>
        {
            json.WriteStartObject("signoutoutb");
            json.WriteString("sign_time", moment);
            json.WriteEndObject();
        }));
    }

    private static int Year(Fields data, string month)
    {
        if (DateTime.TryParseExact(month, "yyyyMM", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime parsed))
            return parsed.Year;
        throw Check.Invalid(data.Name("cum_ym"), month, "a month as yyyyMM", "应为年月yyyyMM");
    }

    private static void Write(Utf8JsonWriter json, GetAccountResponse account, int year)
    {
        json.WriteStartArray("cuminfo");
        IEnumerable<int> years = account.Counters.Select(counter => counter.Year).Where(each => each != 0 && (year == 0 || each == year))
            .Distinct().Order();
        foreach (int each in years)
        {
            foreach (CumulativeType type in CodeTables.Cumulative)
            {
                Counter[] counters = [.. account.Counters.Where(counter => counter.Year == each && type.Counters.Contains(counter.Name))];
                if (counters.Length == 0) continue;
                long sum = counters.Sum(counter => counter.Value);
                json.WriteStartObject();
                json.WriteString("year", each.ToString(CultureInfo.InvariantCulture));
                json.WriteString("cum_ym", each.ToString(CultureInfo.InvariantCulture));
                json.WriteString("cum_type_code", type.Code);
                json.WriteString("cum_type_code_name", type.Term);
                if (type.IsMoney) json.WriteFen("cum", sum);
                else json.WriteNumber("cum", sum);
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
    }

    private string Now() => time.GetUtcNow().ToOffset(China).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}

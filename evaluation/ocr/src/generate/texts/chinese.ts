/** Simplified Chinese, own sentences. */
export const chinese = {
  library: ['图书馆今天上午九点开门', '请把手机调成静音', '二楼有安静的阅读室', '借书时间是四个星期'],
  station: ['列车将在十分钟后到达', '请站在黄线后面等候', '出口在左边，电梯在右边'],
  weather: ['今天多云，下午有小雨', '气温在十五到二十度之间', '明天天气晴朗，适合出门', '晚上风比较大，请关好窗户'],
} as const satisfies Record<string, readonly string[]>;

import { createRequire } from 'node:module';

const { resolve } = createRequire(import.meta.url);

/** Fonts that tests draw text with, so that it depends on none of the system. */
export const fonts = {
  latin: { family: 'DejaVu Sans', file: resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf') },
  chinese: {
    family: 'ZCOOL XiaoWei',
    file: resolve('@expo-google-fonts/zcool-xiaowei/400Regular/ZCOOLXiaoWei_400Regular.ttf'),
  },
} as const;

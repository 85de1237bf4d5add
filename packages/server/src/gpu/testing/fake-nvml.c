/*
 * Stands in for libnvidia-ml.so.1 in tests: two GPUs, the second without a power sensor. Declarations follow the
 * NVML API reference. Every call checks what it is given, so that a wrong signature shows as an error.
 *
 *   -DINIT_RESULT=n         nvmlInit_v2 answers n
 *   -DHANG_AT_READING=n     the n-th reading of a temperature (from 1) never returns
 *   -DFIRST_TEMPERATURE=n   degrees of GPU 0
 *   -DLOST_GPU=n            that GPU has fallen off the bus
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#ifndef INIT_RESULT
#define INIT_RESULT 0
#endif
#ifndef HANG_AT_READING
#define HANG_AT_READING 0
#endif
#ifndef FIRST_TEMPERATURE
#define FIRST_TEMPERATURE 91
#endif
#ifndef LOST_GPU
#define LOST_GPU -1
#endif

#define SUCCESS 0
#define UNINITIALIZED 1
#define INVALID_ARGUMENT 2
#define NOT_SUPPORTED 3
#define INSUFFICIENT_SIZE 7
#define DRIVER_NOT_LOADED 9
#define GPU_IS_LOST 15

typedef int nvmlReturn_t;
typedef struct nvmlDevice_st {
  unsigned int index;
} *nvmlDevice_t;
typedef struct {
  unsigned int gpu;
  unsigned int memory;
} nvmlUtilization_t;
typedef struct {
  unsigned long long total;
  unsigned long long free;
  unsigned long long used;
} nvmlMemory_t;

static struct nvmlDevice_st devices[2] = {{0}, {1}};
static int initialized = 0;
static int readings = 0;

static nvmlReturn_t check(nvmlDevice_t device, const void *output) {
  if (!initialized) return UNINITIALIZED;
  if ((device != &devices[0] && device != &devices[1]) || output == NULL) return INVALID_ARGUMENT;
  return SUCCESS;
}

static nvmlReturn_t copy(const char *text, char *output, unsigned int length) {
  if (strlen(text) + 1 > length) return INSUFFICIENT_SIZE;
  strcpy(output, text);
  return SUCCESS;
}

const char *nvmlErrorString(nvmlReturn_t result) {
  switch (result) {
    case NOT_SUPPORTED: return "Not Supported";
    case DRIVER_NOT_LOADED: return "Driver Not Loaded";
    case GPU_IS_LOST: return "GPU is lost";
    default: return "Unknown Error";
  }
}

nvmlReturn_t nvmlInit_v2(void) {
  /* As much stack as a driver may want while it starts. */
  volatile char scratch[512 * 1024];
  for (unsigned int at = 0; at < sizeof scratch; at += 4096) scratch[at] = 1;
  initialized = INIT_RESULT == SUCCESS;
  return INIT_RESULT;
}

nvmlReturn_t nvmlSystemGetDriverVersion(char *version, unsigned int length) {
  return initialized ? copy("580.65.06", version, length) : UNINITIALIZED;
}

nvmlReturn_t nvmlDeviceGetCount_v2(unsigned int *count) {
  if (!initialized) return UNINITIALIZED;
  *count = 2;
  return SUCCESS;
}

nvmlReturn_t nvmlDeviceGetHandleByIndex_v2(unsigned int index, nvmlDevice_t *device) {
  if (!initialized) return UNINITIALIZED;
  if (index > 1 || device == NULL) return INVALID_ARGUMENT;
  if ((int)index == LOST_GPU) return GPU_IS_LOST;
  *device = &devices[index];
  return SUCCESS;
}

nvmlReturn_t nvmlDeviceGetName(nvmlDevice_t device, char *name, unsigned int length) {
  nvmlReturn_t result = check(device, name);
  return result == SUCCESS ? copy(device->index == 0 ? "NVIDIA H200" : "NVIDIA L4", name, length) : result;
}

nvmlReturn_t nvmlDeviceGetUUID(nvmlDevice_t device, char *uuid, unsigned int length) {
  char text[64];
  nvmlReturn_t result = check(device, uuid);
  if (result != SUCCESS) return result;
  snprintf(text, sizeof text, "GPU-00000000-0000-0000-0000-00000000000%u", device->index);
  return copy(text, uuid, length);
}

nvmlReturn_t nvmlDeviceGetTemperature(nvmlDevice_t device, int sensor, unsigned int *celsius) {
  nvmlReturn_t result = check(device, celsius);
  if (result != SUCCESS) return result;
  if (sensor != 0) return INVALID_ARGUMENT;
  if (++readings == HANG_AT_READING)
    for (;;) sleep(3600);
  *celsius = device->index == 0 ? FIRST_TEMPERATURE : 42;
  return SUCCESS;
}

nvmlReturn_t nvmlDeviceGetUtilizationRates(nvmlDevice_t device, nvmlUtilization_t *utilization) {
  nvmlReturn_t result = check(device, utilization);
  if (result != SUCCESS) return result;
  utilization->gpu = 97 - device->index;
  utilization->memory = 13;
  return SUCCESS;
}

nvmlReturn_t nvmlDeviceGetMemoryInfo(nvmlDevice_t device, nvmlMemory_t *memory) {
  nvmlReturn_t result = check(device, memory);
  if (result != SUCCESS) return result;
  memory->total = 150754820096ULL;
  memory->free = 50754820096ULL - device->index;
  memory->used = 100000000000ULL + device->index;
  return SUCCESS;
}

nvmlReturn_t nvmlDeviceGetPowerUsage(nvmlDevice_t device, unsigned int *milliwatts) {
  nvmlReturn_t result = check(device, milliwatts);
  if (result != SUCCESS) return result;
  if (device->index == 1) return NOT_SUPPORTED;
  *milliwatts = 412345;
  return SUCCESS;
}
